using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using CsCheck;
using MilestoneWatch.Mail;
using MimeKit;

namespace MilestoneWatch.Tests.Mail;

public sealed class SegmentEncoderTests
{
    // what breaks quoted-printable: "=", dots, "From ", blanks at line ends, long words, every kind of line end and script
    private static readonly Gen<string> Awkward = Gen.OneOf(
            Gen.OneOf(
                "=",
                "=\r\n",
                "=20",
                ".",
                "..",
                "\n.\n",
                "From ",
                "\nFrom us",
                " ",
                "\t",
                " \r\n",
                "\n",
                "\r",
                "\r\n",
                "--=_fixed",
                "\n--=_fixed--\n",
                "é",
                "日本",
                "🙂",
                "<b>\"&'",
                "\0",
                "\u007f",
                "\uE000",
                "\uE001",
                "\uE000k3f9:settings\uE001",
                "&#xE000;",
                new string('x', 80),
                new string('é', 40),
                new string(' ', 78)
            ),
            Gen.String[Gen.Char.AlphaNumeric, 0, 90],
            Gen.Char.Where(c => !char.IsSurrogate(c)).Select(c => c.ToString())
        )
        .Array[0, 8]
        .Select(string.Concat);

    private static readonly Gen<(string[] Text, string[] Html, string[] Values)> Templates = Gen.Select(
        Awkward.Array[1, 5],
        Awkward.Array[1, 5],
        Awkward.Array[4]
    );

    [Fact]
    public void Joined_segments_read_back_as_the_templates_with_the_values_in_them() =>
        Templates.Sample(
            t =>
            {
                var markers = PersonalMarkers.New();
                string[] names = ["a", "b", "c", "d"];
                var places = names.Select(markers.For).ToArray();
                var text = Fill(t.Text, places);
                var html = Fill(t.Html, places);

                var body = SegmentEncoder.Encode(text, html, markers.All, "=_fixed");
                var segments = Join(body, names.Zip(t.Values).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal));

                using var mail = Parse(segments, body.Boundary);
                Assert.Equal(Expected(t.Text, t.Values), Lf(Decoded(mail, 0)));
                Assert.Equal(Expected(t.Html, t.Values.Select(v => WebUtility.HtmlEncode(v))), Lf(Decoded(mail, 1)));
                AllLinesAreMailable(segments);
            },
            iter: 3000
        );

    [Fact]
    public void A_marker_that_Razor_has_escaped_is_found()
    {
        var markers = PersonalMarkers.New();
        var link = markers.For("link");

        var body = SegmentEncoder.Encode("-", $"<a href=\"{HtmlEncoder.Default.Encode(link)}\">", markers.All, "=_fixed");
        using var mail = Parse(Join(body, new(StringComparer.Ordinal) { ["link"] = "https://a.example/?b=1&c=\"2\"" }), body.Boundary);

        Assert.Equal([new PersonalSlot("link", Html: true)], body.Slots);
        Assert.Equal("<a href=\"https://a.example/?b=1&amp;c=&quot;2&quot;\">", Decoded(mail, 1));
    }

    [Fact]
    public void A_damaged_marker_is_refused_rather_than_mailed()
    {
        var markers = PersonalMarkers.New();
        var cut = markers.For("settings")[..^3];

        Assert.Throws<InvalidOperationException>(() => SegmentEncoder.Encode(cut, "", markers.All, "=_fixed"));
        Assert.Throws<InvalidOperationException>(() =>
            SegmentEncoder.Encode("", Uri.EscapeDataString(markers.For("settings")), markers.All, "=_fixed")
        );
    }

    [Fact]
    public void A_readers_words_never_pass_for_a_marker()
    {
        var markers = PersonalMarkers.New();
        var place = markers.For("name");

        var body = SegmentEncoder.Encode($"Dear {place}", "", markers.All, "=_fixed");
        using var mail = Parse(Join(body, new(StringComparer.Ordinal) { ["name"] = place }), body.Boundary);

        Assert.Single(body.Slots);
        Assert.Equal($"Dear {place}", Decoded(mail, 0));
    }

    [Fact]
    public void Without_markers_there_is_one_segment()
    {
        var body = SegmentEncoder.Encode("text", "<p>", [], SegmentEncoder.NewBoundary());

        Assert.Single(body.Shared);
        Assert.Empty(body.Slots);
    }

    [Fact]
    public void A_lone_surrogate_is_refused() =>
        Assert.Throws<EncoderFallbackException>(() => SegmentEncoder.EncodePersonal("\ud800", html: false));

    [Fact]
    public void The_encoding_is_as_written_here()
    {
        var markers = PersonalMarkers.New();
        var name = markers.For("name");
        var body = SegmentEncoder.Encode($"Hé {name}\n.end ", $"<b>{name}</b>", markers.All, "=_fixed");

        var wire = Encoding.ASCII.GetString([
            .. Join(body, new(StringComparer.Ordinal) { ["name"] = "A & B" }).SelectMany(s => s.ToArray()),
        ]);

        Assert.Equal(
            """
            --=_fixed
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            H=C3=A9=20=
            A & B=

            =2Eend=20
            --=_fixed
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <b>=
            A &amp; B=
            </b>
            --=_fixed--

            """.ReplaceLineEndings("\r\n"),
            wire
        );
    }

    // the values go between the pieces, in turn, as often as there are places
    private static string Fill(string[] pieces, string[] values) =>
        string.Concat(pieces.Select((piece, i) => i == 0 ? piece : values[(i - 1) % values.Length] + piece));

    // line ends are normalised piece by piece: a CR that ends a value and an LF after its place are two line ends
    private static string Expected(string[] pieces, IEnumerable<string> values) => Fill([.. pieces.Select(Lf)], [.. values.Select(Lf)]);

    private static IReadOnlyList<ReadOnlyMemory<byte>> Join(EncodedBody body, Dictionary<string, string> values) =>
        EncodedBody.Join(body.Shared, body.Personal(values));

    private static MimeMessage Parse(IReadOnlyList<ReadOnlyMemory<byte>> segments, string boundary)
    {
        var head = Encoding.ASCII.GetBytes($"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
        using var stream = new MemoryStream([.. head, .. segments.SelectMany(s => s.ToArray())]);
        return MimeMessage.Load(stream, CancellationToken.None);
    }

    private static string Decoded(MimeMessage mail, int part)
    {
        var parts = Assert.IsType<MultipartAlternative>(mail.Body);
        Assert.Equal(2, parts.Count);
        using var content = new MemoryStream();
        ((MimePart)parts[part]).Content!.DecodeTo(content, CancellationToken.None);
        return Encoding.UTF8.GetString(content.ToArray());
    }

    private static void AllLinesAreMailable(IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        var wire = Encoding.Latin1.GetString([.. segments.SelectMany(s => s.ToArray())]);
        Assert.EndsWith("\r\n", wire, StringComparison.Ordinal);
        foreach (var line in wire.Split("\r\n"))
        {
            Assert.InRange(line.Length, 0, 76);
            Assert.All(line, c => Assert.True(c is '\t' or (>= ' ' and <= '~')));
            Assert.False(
                line.StartsWith('.') || line.StartsWith("From ", StringComparison.Ordinal) || line.EndsWith(' ') || line.EndsWith('\t')
            );
        }
    }

    private static string Lf(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
