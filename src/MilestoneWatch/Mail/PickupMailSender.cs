namespace MilestoneWatch.Mail;

/// <summary>Writes mails as .eml files to a folder. A file is there whole or not at all; the same name again replaces it.</summary>
internal sealed class PickupMailSender(string folder) : IMailSender
{
    public async Task<SendResult> SendAsync(ComposedMail mail, ComposedMail? next, CancellationToken ct)
    {
        var name = PickupName.Safe(mail.PickupName()) + ".eml";
        var temporary = Path.Combine(folder, $".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            await WriteAsync(temporary, mail, ct);
            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
            return new SendResult(SendOutcome.Accepted, null, $"written as {name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            return new SendResult(
                SendOutcome.RelayTrouble,
                null,
                $"Cannot write to the mail folder {folder} ({e.Message}): make it a folder that this user can write to, or set MW_Mail__Pickup to another"
            );
        }
        catch (OperationCanceledException)
        {
            TryDelete(temporary);
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task WriteAsync(string path, ComposedMail mail, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 16384, useAsync: true);
        await file.WriteAsync(mail.Headers, ct);
        await file.WriteAsync("\r\n"u8.ToArray(), ct);
        foreach (var segment in mail.Body)
            await file.WriteAsync(segment, ct);
        await file.FlushAsync(ct);
        file.Flush(flushToDisk: true);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the folder is what is in trouble; the result says so
        }
    }
}
