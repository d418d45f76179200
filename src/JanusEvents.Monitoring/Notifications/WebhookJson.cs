using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using System.Text.Json;
using JanusEvents.Monitoring.Troubles;

namespace JanusEvents.Monitoring.Notifications;

/// <summary>The JSON of webhooks, as docs/notifications.md describes it.</summary>
internal static class WebhookJson
{
    // A receiver may refuse more than 20 KB.
    private const int MaxTextLength = 256;
    private const int MaxEvidence = 20;
    private const int MaxNumbers = 30;

    /// <summary>The body of the format <see cref="TroubleWebhookFormat.StandardWebhooks"/>.</summary>
    public static HttpContent Standard(TroubleNotification notification) => Json(
        JsonSerializer.SerializeToUtf8Bytes(
            new WebhookMessage(TypeOf(notification), Microseconds(notification.Timestamp), DataOf(notification)), WebhookJsonContext.Default.WebhookMessage),
        "application/json");

    /// <summary>The body of the format <see cref="TroubleWebhookFormat.CloudEvents"/>.</summary>
    public static HttpContent CloudEvent(TroubleNotification notification)
    {
        TroubleSubject? subject = notification.Trouble?.Subject;
        string? path = subject?.Session is not { } session ? null
            : subject.Handle is not { } handle ? Text(session)
            : subject.Number is { } number ? $"{Text(session)}/{Text(handle)}/{number.ToString(CultureInfo.InvariantCulture)}"
            : $"{Text(session)}/{Text(handle)}";
        string source = subject?.Emitter is { Length: > 0 } emitter ? Uri.EscapeDataString(Short(emitter)) : "janus-events";
        return Json(
            JsonSerializer.SerializeToUtf8Bytes(
                new CloudEventMessage(
                    "1.0", notification.Id, source, TypeOf(notification), Microseconds(notification.Timestamp), path, "application/json", DataOf(notification)),
                WebhookJsonContext.Default.CloudEventMessage),
            "application/cloudevents+json");
    }

    /// <summary>The body of the format <see cref="TroubleWebhookFormat.Slack"/>.</summary>
    public static HttpContent Slack(TroubleNotification notification)
    {
        string state = notification.Type switch
        {
            TroubleNotificationType.Ended => $"Ended: {notification.Title}",
            TroubleNotificationType.Changed => $"Changed: {notification.Title}",
            _ => notification.Title,
        };
        List<string> lines = [$"*{Escaped(state)}*{(notification.Trouble is { } t ? $" ({TroubleWords.Of(t.Severity)})" : "")}: {Escaped(notification.Summary)}"];
        if (notification.Trouble is { } trouble)
        {
            string until = trouble.Ended is { } ended ? $" to {Milliseconds(ended)} ({TroubleLabels.Of(trouble.EndedBy) ?? "unknown"})" : "";
            lines.Add($"Server {Escaped(trouble.Subject.Emitter ?? "unknown")}, {Milliseconds(trouble.Began)}{until}");
            if (trouble.Ended is null && notification.Advice.Count > 0)
                lines.Add(Escaped(notification.Advice[0]));
        }

        foreach (TroubleCount count in notification.Digest?.Counts.Take(10) ?? [])
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{count.Count} × {Escaped(count.Code)} on {Escaped(count.Emitter ?? "unknown")}"));
        if (notification.Link is { } link)
            lines.Add($"<{Escaped(link)}|Details>");
        return Json(
            JsonSerializer.SerializeToUtf8Bytes(new SlackMessage(string.Join('\n', lines)), WebhookJsonContext.Default.SlackMessage),
            "application/json");

        // All that a chat's markup asks for; a name cannot mention everybody either.
        static string Escaped(string text) => text
            .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
    }

    /// <summary>A body of JSON.</summary>
    public static HttpContent Json(byte[] json, string mediaType)
    {
        ByteArrayContent content = new(json);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    /// <summary>A time with milliseconds, such as <c>2026-11-22T05:12:27.942Z</c>.</summary>
    public static string Milliseconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A text that a client chose, at most 256 characters of it.</summary>
    public static string Short(string text) => text.Length <= MaxTextLength ? text
        : text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];

    private static string Microseconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string TypeOf(TroubleNotification notification) => notification.Type == TroubleNotificationType.Test
        ? "janus.test"
        : $"janus.trouble.{NotificationTexts.NameOf(notification.Type)}";

    private static JsonElement DataOf(TroubleNotification notification) => notification switch
    {
        { Trouble: { } trouble } => JsonSerializer.SerializeToElement(DataOf(notification, trouble), WebhookJsonContext.Default.TroubleData),
        { Digest: { } digest } => JsonSerializer.SerializeToElement(
            new DigestData(
                notification.Summary,
                Milliseconds(digest.From),
                Milliseconds(digest.To),
                digest.Count,
                [.. digest.Counts.Select(c => new CountData(c.Emitter is null ? null : Short(c.Emitter), c.Code, TroubleWords.Of(c.Severity), c.Count))],
                notification.Link),
            WebhookJsonContext.Default.DigestData),
        _ => JsonSerializer.SerializeToElement(new TestData(notification.Summary, notification.Link), WebhookJsonContext.Default.TestData),
    };

    private static TroubleData DataOf(TroubleNotification notification, Trouble trouble) => new(
        trouble.Id,
        notification.Sequence,
        trouble.Code,
        TroubleWords.Of(trouble.Severity),
        trouble.Side,
        notification.Summary,
        Milliseconds(trouble.Began),
        Milliseconds(trouble.Confirmed),
        trouble.Ended is { } ended ? Milliseconds(ended) : null,
        TroubleLabels.Of(trouble.EndedBy),
        trouble.Count,
        new SubjectData(
            ShortOrNull(trouble.Subject.Emitter),
            trouble.Subject.Session is { } session ? Text(session) : null,
            trouble.Subject.Handle is { } handle ? Text(handle) : null,
            trouble.Subject.Number,
            trouble.Subject.Medium,
            ShortOrNull(trouble.Subject.Mid),
            ShortOrNull(trouble.Subject.Plugin),
            ShortOrNull(trouble.Subject.Room),
            ShortOrNull(trouble.Subject.Participant),
            ShortOrNull(trouble.Subject.Display),
            ShortOrNull(trouble.Subject.OpaqueId)),
        [.. trouble.Evidence.Take(MaxEvidence).Select(sign => new EvidenceData(Milliseconds(sign.At), Short(sign.What)))],
        trouble.Numbers.Where(number => double.IsFinite(number.Value)).Take(MaxNumbers).ToDictionary(number => number.Key, number => number.Value),
        notification.Causes,
        notification.Advice,
        notification.Link);

    private static string? ShortOrNull(string? text) => text is null ? null : Short(text);

    // Ids go up to 2^63 - 1, which JavaScript's numbers cannot hold.
    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A body after Standard Webhooks.</summary>
internal sealed record WebhookMessage(string Type, string Timestamp, JsonElement Data);

/// <summary>A CloudEvent in structured mode.</summary>
internal sealed record CloudEventMessage(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Time,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Subject,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    JsonElement Data);

/// <summary>A message for a chat.</summary>
internal sealed record SlackMessage(string Text);

/// <summary>The data of a trouble.</summary>
internal sealed record TroubleData(
    string Id,
    int Sequence,
    string Code,
    string Severity,
    string? Side,
    string Summary,
    string Began,
    string Confirmed,
    string? Ended,
    string? EndedBy,
    int Count,
    SubjectData Subject,
    IReadOnlyList<EvidenceData> Evidence,
    IReadOnlyDictionary<string, double> Numbers,
    IReadOnlyList<string> Causes,
    IReadOnlyList<string> Advice,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Link);

/// <summary>The subject of a trouble, without the parts that it does not have.</summary>
internal sealed record SubjectData(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Server,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Session,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Handle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PeerConnection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Medium,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Plugin,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Room,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Participant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Display,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OpaqueId);

/// <summary>A sign of a trouble.</summary>
internal sealed record EvidenceData(string At, string What);

/// <summary>The data of a digest.</summary>
internal sealed record DigestData(
    string Summary,
    string From,
    string To,
    int Count,
    IReadOnlyList<CountData> Counts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Link);

/// <summary>How many troubles of a code began on a server.</summary>
internal sealed record CountData(string? Server, string Code, string Severity, int Count);

/// <summary>The data of a test.</summary>
internal sealed record TestData(string Summary, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Link);

/// <summary>An alert for <c>POST /api/v2/alerts</c>.</summary>
internal sealed record AlertData(
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    string StartsAt,
    string EndsAt,
    [property: JsonPropertyName("generatorURL"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? GeneratorUrl);

/// <summary>Generated code for all of these.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookMessage))]
[JsonSerializable(typeof(CloudEventMessage))]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(TroubleData))]
[JsonSerializable(typeof(DigestData))]
[JsonSerializable(typeof(TestData))]
[JsonSerializable(typeof(IReadOnlyList<AlertData>))]
internal sealed partial class WebhookJsonContext : JsonSerializerContext;
