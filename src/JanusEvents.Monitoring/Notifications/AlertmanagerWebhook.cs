using System.Globalization;
using System.Text.Json;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>
/// Posts alerts to an Alertmanager. That forgets an alert unless it is sent again before its end, so that open ones, and those that
/// ended in the last minutes, are sent every minute.
/// </summary>
internal sealed class AlertmanagerWebhook(TroubleWebhookOptions options, TimeProvider time) : TroubleWebhook(options, time), IRepeatingHandler
{
    private const int MaxAlertsInBody = 200;

    // As Prometheus does it: an alert survives a few repetitions that fail.
    private static readonly TimeSpan s_openFor = TimeSpan.FromMinutes(4);

    public TimeSpan Interval { get; } = TimeSpan.FromMinutes(1);

    public async ValueTask RepeatAsync(IReadOnlyList<TroubleNotification> current, CancellationToken cancellationToken)
    {
        foreach (TroubleNotification[] part in current.Chunk(MaxAlertsInBody))
        {
            using HttpContent content = Body([.. part.SelectMany(notification => AlertsOf(notification, withPrevious: false))]);
            await PostAsync($"repeat-{Guid.NewGuid():N}", content, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override HttpContent? ContentOf(TroubleNotification notification) => Body([.. AlertsOf(notification, withPrevious: true)]);

    private static HttpContent Body(IReadOnlyList<AlertData> alerts) =>
        WebhookJson.Json(JsonSerializer.SerializeToUtf8Bytes(alerts, WebhookJsonContext.Default.IReadOnlyListAlertData), "application/json");

    private IEnumerable<AlertData> AlertsOf(TroubleNotification notification, bool withPrevious)
    {
        DateTimeOffset now = UtcNow;
        if (notification.Trouble is not { } trouble)
        {
            yield return Momentary(notification, now);
            yield break;
        }

        // The clock of a server may be ahead. An alert that begins after its end is refused.
        DateTimeOffset began = trouble.Began < now ? trouble.Began : now;
        DateTimeOffset ends = trouble.Ended is not { } ended ? now + s_openFor : ended > now ? now : ended > began ? ended : began;
        yield return new AlertData(
            LabelsOf(trouble, trouble.Severity), AnnotationsOf(notification, trouble), WebhookJson.Milliseconds(began), WebhookJson.Milliseconds(ends), notification.Link);

        // An alert is known by its labels. With another severity it is another one, and the former has ended.
        if (withPrevious && notification.PreviousSeverity is { } previous)
        {
            yield return new AlertData(
                LabelsOf(trouble, previous), AnnotationsOf(notification, trouble), WebhookJson.Milliseconds(began), WebhookJson.Milliseconds(now), notification.Link);
        }
    }

    /// <summary>A digest or a test: an alert that ends by itself.</summary>
    private static AlertData Momentary(TroubleNotification notification, DateTimeOffset now)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal)
        {
            ["alertname"] = notification.Digest is null ? "JanusTest" : "JanusTroubleDigest",
            ["severity"] = TroubleWords.Of(notification.Digest?.Counts.Max(count => count.Severity) ?? TroubleSeverity.Info),
        };
        if (notification.Digest?.Counts.Select(count => count.Emitter).Distinct().ToArray() is [{ Length: > 0 } server])
            labels.Add("server", WebhookJson.Short(server));
        Dictionary<string, string> annotations = new(StringComparer.Ordinal) { ["summary"] = notification.Summary };
        if (notification.Digest is { } digest)
        {
            annotations.Add("description", string.Join('\n', digest.Counts.Select(count =>
                string.Create(CultureInfo.InvariantCulture, $"{count.Count} × {count.Code} on {count.Emitter ?? "unknown"}"))));
        }

        return new AlertData(labels, annotations, WebhookJson.Milliseconds(now), WebhookJson.Milliseconds(now + s_openFor), notification.Link);
    }

    private static Dictionary<string, string> LabelsOf(Trouble trouble, TroubleSeverity severity)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal)
        {
            ["alertname"] = NameOf(trouble.Code),
            ["code"] = trouble.Code,
            ["severity"] = TroubleWords.Of(severity),
        };
        TroubleSubject subject = trouble.Subject;
        Add("server", subject.Emitter);
        Add("session", subject.Session?.ToString(CultureInfo.InvariantCulture));
        Add("handle", subject.Handle?.ToString(CultureInfo.InvariantCulture));
        Add("peer_connection", subject.Number?.ToString(CultureInfo.InvariantCulture));
        Add("medium", subject.Medium);
        Add("mid", subject.Mid);
        Add("side", trouble.Side);
        return labels;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                labels.Add(name, WebhookJson.Short(value));
        }
    }

    // These may change while an alert is open, or identify a person: no labels.
    private static Dictionary<string, string> AnnotationsOf(TroubleNotification notification, Trouble trouble)
    {
        Dictionary<string, string> annotations = new(StringComparer.Ordinal)
        {
            ["summary"] = notification.Summary,
            ["description"] = notification.Meaning,
            ["causes"] = string.Join(' ', notification.Causes),
            ["advice"] = string.Join(' ', notification.Advice),
            ["trouble"] = trouble.Id,
            ["count"] = trouble.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (trouble.Subject.Room is { Length: > 0 } room)
            annotations.Add("room", WebhookJson.Short(room));
        if (trouble.EndedBy is not null)
            annotations.Add("ended_by", TroubleLabels.Of(trouble.EndedBy)!);
        return annotations;
    }

    // media-lost becomes JanusMediaLost.
    private static string NameOf(string code) =>
        "Janus" + string.Concat(code.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
