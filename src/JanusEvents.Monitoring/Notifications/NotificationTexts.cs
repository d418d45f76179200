using System.Globalization;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>Makes notifications, with their ids, texts and links.</summary>
/// <param name="publicUrl">The page that links lead to; null for no links.</param>
internal sealed class NotificationTexts(string? publicUrl)
{
    private readonly string? _page = string.IsNullOrEmpty(publicUrl) ? null : publicUrl.TrimEnd('/') + "/";

    /// <summary>A message about one trouble.</summary>
    /// <param name="trouble">The trouble as it is now.</param>
    /// <param name="type">Began, changed or ended.</param>
    /// <param name="sequence">The number of the message among those about the trouble.</param>
    /// <param name="previous">The notification that the handler took before it; null when none.</param>
    /// <param name="now">The host's clock.</param>
    public TroubleNotification Of(Trouble trouble, TroubleNotificationType type, int sequence, Trouble? previous, DateTimeOffset now)
    {
        TroubleText text = TroubleTexts.Of(trouble.Code);
        return new TroubleNotification
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{trouble.Id}_{sequence}_{NameOf(type)}"),
            Type = type,
            Timestamp = type switch
            {
                TroubleNotificationType.Began => trouble.Confirmed,
                TroubleNotificationType.Ended => trouble.Ended ?? now,
                _ => now,
            },
            Sequence = sequence,
            Trouble = trouble,
            Title = text.Title,
            Summary = TroubleTexts.Summary(trouble),
            Meaning = text.Meaning,
            Causes = text.Causes,
            Advice = text.Advice,
            Link = LinkTo(trouble.Subject),
            PreviousSeverity = previous is not null && previous.Severity != trouble.Severity ? previous.Severity : null,
        };
    }

    /// <summary>A digest.</summary>
    public TroubleNotification Of(TroubleDigest digest)
    {
        string?[] servers = [.. digest.Counts.Select(count => count.Emitter).Distinct()];
        string where = servers is [{ Length: > 0 } server]
            ? $"server {server}"
            : string.Create(CultureInfo.InvariantCulture, $"{servers.Length} servers");
        return new TroubleNotification
        {
            Id = $"digest-{Guid.NewGuid():N}",
            Type = TroubleNotificationType.Digest,
            Timestamp = digest.To,
            Digest = digest,
            Title = "Many troubles",
            Summary = string.Create(CultureInfo.InvariantCulture, $"{digest.Count} {(digest.Count == 1 ? "trouble" : "troubles")} on {where}"),
            Link = _page,
        };
    }

    /// <summary>A test.</summary>
    public TroubleNotification Test(DateTimeOffset now) => new()
    {
        Id = $"test-{Guid.NewGuid():N}",
        Type = TroubleNotificationType.Test,
        Timestamp = now,
        Title = "Test",
        Summary = "A test of notifications about troubles of Janus",
        Link = _page,
    };

    /// <summary>The type in ids and in the JSON of webhooks.</summary>
    public static string NameOf(TroubleNotificationType type) => type switch
    {
        TroubleNotificationType.Began => "began",
        TroubleNotificationType.Changed => "changed",
        TroubleNotificationType.Ended => "ended",
        TroubleNotificationType.Digest => "digest",
        _ => "test",
    };

    private string? LinkTo(TroubleSubject subject)
    {
        if (_page is null)
            return null;
        string server = Uri.EscapeDataString(subject.Emitter ?? "");
        return subject is { Session: { } session, Handle: { } handle }
            ? string.Create(CultureInfo.InvariantCulture, $"{_page}#/call/{server}/{session}/{handle}/{subject.Number ?? 1}")
            : $"{_page}#/server/{server}";
    }
}
