using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Hosting;

namespace MilestoneWatch.Record;

/// <summary>The move to what another source prints: that reading's date, with its source and words unless others are given.</summary>
internal static class Adoption
{
    /// <exception cref="RefusedException">The position is no reading that stands.</exception>
    public static RecordRequest Of(RecordRequest request, IReadOnlyList<Entry> history, long position)
    {
        var readings = history.Standing().Where(entry => entry.Body?.Change is ReadingAdded).ToList();
        if (readings.Find(entry => entry.Position == position) is not { Body: { Change: ReadingAdded reading } body } entry)
        {
            var known = readings.Select(other =>
                string.Create(CultureInfo.InvariantCulture, $"{other.Position} (\"{((ReadingAdded)other.Body!.Change).Promise.Phrase}\")")
            );
            throw new RefusedException(
                readings.Count == 0
                    ? $"{request.Slug} has no other readings on record: give the new date as a phrase"
                    : $"entry {position} is no reading of {request.Slug} that stands: there is {string.Join(", ", known)}"
            );
        }
        return request with
        {
            Changes = [.. request.Changes, new Rescheduled(reading.Promise)],
            HappenedOn = request.HappenedOn ?? entry.HappenedOn,
            Source =
                request.Source
                ?? (body.Source is { } source ? new SourceNamed(source.Publisher, source.Title, source.Url, source.PublishedOn) : null),
            Quote = request.Quote ?? body.Quote,
            Verbatim = request.Quote is null ? body.Verbatim : request.Verbatim,
            Standing = request.Standing ?? body.Standing,
            Note = request.Note ?? body.Note,
        };
    }
}
