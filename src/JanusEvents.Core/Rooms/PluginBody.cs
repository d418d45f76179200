using System.Text;
using System.Text.Json;
using JanusEvents.Events.Json;

namespace JanusEvents.Rooms;

/// <summary>The parts of a plugin event's data that facts need. A value of another form than Janus sends counts as absent.</summary>
internal sealed class PluginBody
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RawJson.MaxDepth };

    private static readonly PropertyNames<PluginProperty> s_names = new(
        ("event", PluginProperty.Event),
        ("room", PluginProperty.Room),
        ("id", PluginProperty.Id),
        ("private_id", PluginProperty.PrivateId),
        ("display", PluginProperty.Display),
        ("streams", PluginProperty.Streams),
        ("feed", PluginProperty.Feed),
        ("status", PluginProperty.Status),
        ("videoroom", PluginProperty.VideoRoom),
        ("audiobridge", PluginProperty.AudioBridge),
        ("textroom", PluginProperty.TextRoom),
        ("username", PluginProperty.UserName),
        ("displayname", PluginProperty.DisplayName),
        ("callee", PluginProperty.Callee),
        ("call-id", PluginProperty.CallId),
        ("refer_id", PluginProperty.ReferId),
        ("unique_id", PluginProperty.UniqueId),
        ("identity", PluginProperty.Identity));

    private readonly string?[] _values = new string?[s_names.Count];

    private PluginBody()
    {
    }

    /// <summary>The number by which the VideoRoom connects a participant's subscriptions with it.</summary>
    public long? PrivateId { get; private set; }

    /// <summary>Whether there is a list of streams.</summary>
    public bool HasStreams { get; private set; }

    /// <summary>The publishers of these streams, each once, with the name to be shown.</summary>
    public OrderedDictionary<string, string?> Feeds { get; } = [];

    /// <summary>A property that is a text, or an id, which may be a number as well.</summary>
    public string? this[PluginProperty property] => _values[(int)property];

    /// <summary>Reads the data of an event; null when it is no object.</summary>
    public static PluginBody? TryRead(RawJson data)
    {
        PluginBody body = new();
        try
        {
            Utf8JsonReader reader = new(data.Utf8.Span, s_options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;

            int next = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool known = s_names.TryFind(reader.ValueSpan, ref next, out PluginProperty property);
                reader.Read();
                if (known)
                    body.Take(ref reader, property);
                else
                    reader.Skip();
            }

            return body;
        }
        catch (JsonException)
        {
            // Only an event that was made by code has data that is no JSON.
            return null;
        }
    }

    private void Take(ref Utf8JsonReader reader, PluginProperty property)
    {
        switch (property)
        {
            case PluginProperty.Streams when reader.TokenType == JsonTokenType.StartArray:
                HasStreams = true;
                ReadStreams(ref reader);
                break;
            case PluginProperty.PrivateId when reader.TokenType == JsonTokenType.Number:
                PrivateId = reader.TryGetInt64(out long id) && id != 0 ? id : null;
                break;
            case PluginProperty.Room or PluginProperty.Id or PluginProperty.Feed or PluginProperty.ReferId:
                _values[(int)property] = Id(ref reader);
                break;
            default:
                _values[(int)property] = Text(ref reader);
                break;
        }
    }

    private void ReadStreams(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadStream(ref reader);
            else
                reader.Skip();
        }
    }

    private void ReadStream(ref Utf8JsonReader reader)
    {
        string? feed = null;
        string? display = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isFeed = reader.ValueSpan.SequenceEqual("feed_id"u8);
            bool isDisplay = reader.ValueSpan.SequenceEqual("feed_display"u8);
            bool isSources = reader.ValueSpan.SequenceEqual("source_ids"u8);
            reader.Read();
            if (isFeed)
                feed = Id(ref reader);
            else if (isDisplay)
                display = Text(ref reader);
            else if (isSources && reader.TokenType == JsonTokenType.StartArray)
                ReadSources(ref reader);
            else
                reader.Skip();
        }

        AddFeed(feed, display);
    }

    // A stream of data may come from several publishers.
    private void ReadSources(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            AddFeed(Id(ref reader), null);
    }

    private void AddFeed(string? feed, string? display)
    {
        if (feed is null)
            return;

        if (!Feeds.TryAdd(feed, display))
            Feeds[feed] ??= display;
    }

    /// <summary>An id as text. The number 0 is none: some events have it where the id is a text.</summary>
    private static string? Id(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
            return Text(ref reader);

        string number = Encoding.UTF8.GetString(reader.ValueSpan);
        return number == "0" ? null : number;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, which no text can have.
            return null;
        }
    }
}
