using System.Globalization;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>What was asked of the board. All of it stands in the address, so that a link keeps it.</summary>
public sealed record BoardQuery
{
    /// <summary>Rows on a page, where nothing else is asked for.</summary>
    public const int UsualSize = 50;

    /// <summary>Rows on a page for those who want to see more at once.</summary>
    public const int LargeSize = 200;

    /// <summary>Characters of a search.</summary>
    public const int LongestSearch = 200;

    private const int LastPage = 1_000_000;

    public BoardFilter Filter { get; init; } = new();

    /// <summary>The instant asked about; null for now.</summary>
    public Instant? At { get; init; }

    /// <summary>The same as it stood in the address.</summary>
    public string? AsOf { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Rows on a page: <see cref="UsualSize"/> or <see cref="LargeSize"/>.</summary>
    public int PageSize { get; init; } = UsualSize;

    /// <summary>The choices as a form sends them, without day and page.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Chosen =>
        [
            .. Pair("subject", Filter.Subject),
            .. Filter.Topics.SelectMany(topic => Pair("topic", topic)),
            .. Pair("kind", Filter.Kind is { } kind ? LedgerJson.WriteEnum(kind) : null),
            .. Filter.Statuses.SelectMany(status => Pair("status", LedgerJson.WriteEnum(status))),
            .. Pair("q", Filter.Search),
            .. Pair("per", PageSize == UsualSize ? null : PageSize.ToString(CultureInfo.InvariantCulture)),
        ];

    /// <param name="asked">An address's query.</param>
    /// <param name="at">Its <c>asOf</c>, read.</param>
    /// <param name="query">What it asks for; where false is returned, nothing.</param>
    /// <param name="refusal">What was wrong and what may be chosen, in a sentence; null where true is returned.</param>
    public static bool TryRead(IQueryCollection asked, Instant? at, out BoardQuery query, out string? refusal)
    {
        query = new BoardQuery();
        var filter = new BoardFilter
        {
            Subject = Text(asked, "subject"),
            Topics = [.. Words(asked, "topic").Distinct(StringComparer.Ordinal)],
            Search = Text(asked, "q"),
        };
        refusal = filter.Search?.Length > LongestSearch ? $"A search can be up to {LongestSearch} characters long." : null;
        if (Text(asked, "kind") is { } kindWord)
        {
            refusal ??= Refusal<MilestoneKind>("kind", kindWord);
            filter = filter with { Kind = Of<MilestoneKind>(kindWord) };
        }
        var statusWords = Words(asked, "status").ToList();
        refusal ??= statusWords.Select(word => Refusal<Status>("status", word)).FirstOrDefault(wrong => wrong is not null);
        var page = 1;
        if (
            Text(asked, "page") is { } pageText
            && !(int.TryParse(pageText, NumberStyles.None, CultureInfo.InvariantCulture, out page) && page is >= 1 and <= LastPage)
        )
        {
            refusal ??= $"Pages are counted from 1, and “{BoardWords.Short(pageText)}” is not one of them.";
        }
        var per = Text(asked, "per");
        if (per is not (null or "50" or "200"))
        {
            refusal ??= BoardWords.NoSuch("number of rows", per, ["50", "200"]);
        }
        if (refusal is not null)
        {
            return false;
        }
        query = new BoardQuery
        {
            Filter = filter with { Statuses = [.. statusWords.Select(word => Of<Status>(word)!.Value).Distinct().Order()] },
            At = at,
            AsOf = at is null ? null : Text(asked, "asOf"),
            Page = page,
            PageSize = per == "200" ? LargeSize : UsualSize,
        };
        return true;
    }

    /// <summary>The address of a page of the same.</summary>
    public string Address(int page) => To(AsOf, page);

    /// <summary>The address of the same as known at another time; null for now.</summary>
    public string AddressAsOf(string? asOf) => To(asOf, page: 1);

    /// <summary>The address of the same with another number of rows on a page, from its first page.</summary>
    public string AddressPer(int size) => (this with { PageSize = size }).Address(page: 1);

    /// <summary>The address of everything, as of the same day.</summary>
    public string AddressOfAll() => Links.Board(AsOf);

    private string To(string? asOf, int page)
    {
        var pairs = Chosen.Concat(Pair("asOf", asOf)).Concat(Pair("page", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture)));
        return "/" + QueryString.Create(pairs).Value?.Replace("%3A", ":", StringComparison.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Pair(string name, string? value) => value is null ? [] : [new(name, value)];

    // what is sent twice is read as one text, which is no word of ours
    private static string? Text(IQueryCollection asked, string name) => asked[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    private static IEnumerable<string> Words(IQueryCollection asked, string name) =>
        asked[name].Where(word => !string.IsNullOrWhiteSpace(word)).Select(word => word!);

    private static T? Of<T>(string word)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => LedgerJson.WriteEnum(value) == word).Cast<T?>().FirstOrDefault();

    private static string? Refusal<T>(string what, string word)
        where T : struct, Enum =>
        Of<T>(word) is null ? BoardWords.NoSuch(what, word, [.. Enum.GetValues<T>().Select(LedgerJson.WriteEnum)]) : null;
}
