using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>Encodes an audience's mail once, leaving slots for what differs between its readers.</summary>
internal static class SegmentEncoder
{
    // throws on a lone surrogate: better no mail than one that says something else
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A fresh boundary. "=_" cannot occur in quoted-printable, so no content can contain it.</summary>
    public static string NewBoundary() => $"=_{RandomNumberGenerator.GetHexString(24, lowercase: true)}";

    /// <summary>
    /// Encodes the two templates as a whole multipart/alternative body. In the HTML a marker may also stand as an HTML encoder
    /// writes it. A marker that arrives damaged throws: a reader must never see one.
    /// </summary>
    public static EncodedBody Encode(string text, string html, IReadOnlyList<string> markers, string boundary)
    {
        var body = new BodyWriter();
        body.Raw($"--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n");
        body.Part(Pieces(text, Forms(markers, html: false), markers), html: false);
        body.Raw($"\r\n--{boundary}\r\nContent-Type: text/html; charset=utf-8\r\n");
        body.Part(Pieces(html, Forms(markers, html: true), markers), html: true);
        body.Raw($"\r\n--{boundary}--\r\n");
        body.Cut();
        return new EncodedBody(boundary, body.Shared, body.Slots);
    }

    /// <summary>A value encoded for a slot; <paramref name="html"/> also escapes it for text and attributes.</summary>
    public static ReadOnlyMemory<byte> EncodePersonal(string value, bool html)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(16, value.Length * 2));
        QuotedPrintable.Append(output, Utf8.GetBytes(html ? WebUtility.HtmlEncode(value) : value), continues: true);
        return output.WrittenSpan.ToArray();
    }

    private static Dictionary<string, string> Forms(IReadOnlyList<string> markers, bool html)
    {
        var forms = markers.ToDictionary(m => m, PersonalMarkers.NameOf, StringComparer.Ordinal);
        foreach (var marker in html ? markers : [])
            forms.Add(PersonalMarkers.Escaped(marker), PersonalMarkers.NameOf(marker));
        return forms;
    }

    /// <summary>Text and the marker name after it, in order; the last name is null.</summary>
    private static List<(string Text, string? Name)> Pieces(
        string template,
        Dictionary<string, string> forms,
        IReadOnlyList<string> markers
    )
    {
        var pieces = new List<(string Text, string? Name)>();
        var any = SearchValues.Create([.. forms.Keys], StringComparison.Ordinal);
        var at = 0;
        while (template.AsSpan(at).IndexOfAny(any) is var found and >= 0)
        {
            var form = forms.Keys.First(f => template.AsSpan(at + found).StartsWith(f, StringComparison.Ordinal));
            pieces.Add((template.Substring(at, found), forms[form]));
            at += found + form.Length;
        }
        pieces.Add((template[at..], null));
        foreach (var nonce in markers.Select(PersonalMarkers.NonceOf).Distinct(StringComparer.Ordinal))
            if (pieces.Exists(p => p.Text.Contains(nonce, StringComparison.Ordinal)))
                throw new InvalidOperationException("A personal marker arrived damaged, or is not in the list of markers");
        return pieces;
    }

    private sealed class BodyWriter
    {
        private readonly ArrayBufferWriter<byte> open = new(4096);

        public List<ReadOnlyMemory<byte>> Shared { get; } = [];

        public List<PersonalSlot> Slots { get; } = [];

        public void Raw(string ascii) => Encoding.ASCII.GetBytes(ascii, open);

        public void Part(List<(string Text, string? Name)> pieces, bool html)
        {
            Raw("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
            foreach (var (text, name) in pieces)
            {
                QuotedPrintable.Append(open, Utf8.GetBytes(text), continues: name is not null);
                if (name is null)
                    continue;
                Cut();
                Slots.Add(new PersonalSlot(name, html));
            }
        }

        public void Cut()
        {
            Shared.Add(open.WrittenSpan.ToArray());
            open.Clear();
        }
    }
}
