using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JanusEvents.Relational.Records;

/// <summary>The JSON in the columns of records and troubles: names as columns have them, no white space, nothing that is null.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<PeerConnectionMedium>))]
[JsonSerializable(typeof(IReadOnlyList<StoredEvidence>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    private static readonly RecordJson s_readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,

        // It never stands in HTML, and people read it.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static JsonTypeInfo<IReadOnlyList<string>> Texts => s_readable.IReadOnlyListString;

    public static JsonTypeInfo<IReadOnlyList<PeerConnectionMedium>> Media => s_readable.IReadOnlyListPeerConnectionMedium;

    public static JsonTypeInfo<IReadOnlyList<StoredEvidence>> Evidence => s_readable.IReadOnlyListStoredEvidence;

    public static JsonTypeInfo<IReadOnlyDictionary<string, double>> Numbers => s_readable.IReadOnlyDictionaryStringDouble;

    public static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    /// <summary>The value of a column; null where it has none, or something that somebody else wrote there.</summary>
    public static T? Read<T>(string? json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json is null)
            return null;

        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A sign of a trouble in JSON. The time is in UTC, as the columns are.</summary>
internal sealed record StoredEvidence(DateTime At, string What);
