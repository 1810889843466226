using System.Buffers;
using System.Text;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class DotStuffingTests
{
    [Fact]
    public void Ten_thousand_texts_cut_anywhere_come_out_as_the_standard_says()
    {
        var random = new Random(11);
        for (var i = 0; i < 10_000; i++)
        {
            var text = new string(random.GetItems("..\r\nab".AsSpan(), random.Next(12)));

            Assert.Equal(Stuffed(text), Written(Cut(text, random)));
        }
    }

    // RFC 5321 §4.5.2, letter by letter
    private static string Stuffed(string text)
    {
        var stuffed = new StringBuilder();
        var before = '\n';
        foreach (var letter in text)
        {
            stuffed.Append(before == '\n' && letter == '.' ? ".." : letter.ToString());
            before = letter;
        }
        return stuffed.ToString();
    }

    private static List<ReadOnlyMemory<byte>> Cut(string text, Random random)
    {
        var segments = new List<ReadOnlyMemory<byte>>();
        for (var from = 0; from < text.Length; )
        {
            var length = random.Next(text.Length - from + 1);
            segments.Add(Encoding.ASCII.GetBytes(text, from, length));
            from += length;
        }
        return segments;
    }

    private static string Written(List<ReadOnlyMemory<byte>> segments)
    {
        var written = new ArrayBufferWriter<byte>();
        DotStuffing.Write(written, segments);
        return Encoding.ASCII.GetString(written.WrittenSpan);
    }
}
