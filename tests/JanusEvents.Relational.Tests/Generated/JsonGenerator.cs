using FsCheck;
using FsCheck.Fluent;

namespace JanusEvents.Relational.Tests.Generated;

/// <summary>Makes any JSON, the odd sort before all.</summary>
public static class JsonGenerator
{
    // What a string can be made of: each stands for itself in JSON, whatever is beside it.
    private static readonly string[] s_pieces =
    [
        "a", "b", "Z", "0", "9", " ", "-", ".", "_", "/", "\\/", "\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t", "'", "`", "%", "$", "@", "?", ";",
        "\\u0000", "\\u0001", "\\u001f", "\\u001F", "\\u0020", "\\u0041", "\u007f", "\\u007f", "\u0080", "\u00e9", "\\u00e9", "e\u0301", "\u2713",
        "\u2028", "\u2029", "\\u2028", "\ufeff", "\uffff", "\\ufffe", "\ufffd", "\U0001F600", "\\ud83d\\ude00", "\\uD83D\\uDE00", "\U0010FFFF",
        "\u05d0\u202e", "\u0130", "\u00df", "null", "true", "\\\\u0041", "{", "}", "[", "]", ":", ",",
        "\\ud800", "\\udc00", "\\udfff x", "\\ud800 \\udc00",
    ];

    private static readonly string[] s_numbers =
    [
        "0", "1", "2", "7", "12", "-1", "-5", "-0", "-0.0", "0.0", "0e0", "0.5", "1.0", "1.50", "1e3", "1E3", "1e+3", "1e-3", "12e0", "1e+308", "1e400",
        "1e-400", "-1E-7", "0.10000000000000001", "0.1", "123456789.123456789123456789", "32767", "32768", "2147483647", "2147483648", "-2147483648",
        "-2147483649", "4294967295", "4294967296", "9007199254740991", "9007199254740993", "999999999999999999", "1000000000000000000",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "1234567890123456789012345678901234567890", "-1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890",
    ];

    // Names that a table, a column, a model, a reader of paths or another event has a meaning for.
    private static readonly string[] s_names =
    [
        "", ".", "a.b", "event.name", "candidates.local.address", "x-y", "-", "id", "extra", "part", "remote", "session", "handle", "Type", "TYPE",
        "Session_Id", "session_id ", "__proto__", "$ref", "name", "media", "sdp", "type", "jsep", "data", "event", "timestamp", "mid", "base", "lost",
        "ice", "dtls", "connection", "receiving", "slow_link", "selected-pair", "local-candidate", "opaque_id", "emitter", "subtype", "transport",
        "eventtype", "'", "`", "\\\"", "\\\\", "@after", "%s", "{0}", "\\u0000", "\\ud800", "\\udc00a", "\U0001F600", "\\ud83d\\ude00", "\u2028",
        "n\\u0061me", "m\\u0065dia", "\\u0065vent", "\\u0062ase",
    ];

    /// <summary>A number, as it is written.</summary>
    public static Gen<Json> Number { get; } = Gen.Frequency(
        (4, Gen.Elements(s_numbers)),
        (1, Gen.Choose(0, int.MaxValue).Select(n => $"{n}")),
        (1, Gen.Choose(1, 60).SelectMany(digits => Gen.Choose(1, 9).Select(d => new string((char)('0' + d), digits)))))
        .Select(text => (Json)new JsonToken(text));

    /// <summary>A string of any content, seldom a long one.</summary>
    public static Gen<JsonString> Text { get; } = Gen.Frequency(
        (10, Gen.Choose(0, 6).SelectMany(length => Gen.ArrayOf(Gen.Elements(s_pieces), length))),
        (6, Gen.Elements("created", "audio", "video", "remote", "local", "offer", "OFFER", "connected", "12", "0.5", "true", "null", "", " ", "a ", " a").Select(word => new[] { word })),
        (1, Long(240, 260)),
        (1, Long(60, 130)))
        .Select(pieces => new JsonString(pieces));

    /// <summary>A string that no short column holds.</summary>
    public static Gen<JsonString> LongText { get; } = Gen.Frequency((8, Long(256, 4_000)), (1, Long(4_000, 70_000)))
        .Select(pieces => new JsonString(pieces));

    /// <summary>The name of a property that the model does not know at its place, mostly.</summary>
    public static Gen<JsonString> Name { get; } = Gen.Frequency(
        (6, Gen.Elements(s_names).Select(JsonString.Of)),
        (3, Text),
        (1, Gen.Choose(0, 9).Select(n => JsonString.Of($"x{n}"))));

    /// <summary>Any value.</summary>
    public static Gen<Json> Any { get; } = Value(3);

    /// <summary>A value of the wrong form, wherever it stands: it may be the right one by chance.</summary>
    public static Gen<Json> Odd { get; } = Gen.Frequency(
        (8, Number),
        (4, Gen.Elements("null", "true", "false").Select(word => (Json)new JsonToken(word))),
        (8, Text.Select(text => (Json)text)),
        (4, Gen.Elements<Json>(new JsonObject([]), new JsonArray([]), JsonString.Of(""), JsonString.Of("12"), JsonString.Of("-1"))),
        (3, Any),
        (1, Deep));

    /// <summary>Some properties that the model does not know.</summary>
    public static Gen<JsonProperty[]> Unknown { get; } = Gen.Frequency(
        (8, Gen.Constant(0)), (3, Gen.Constant(1)), (1, Gen.Choose(2, 4)))
        .SelectMany(count => Gen.ArrayOf(Gen.Zip(Name, Odd, (name, value) => new JsonProperty(name, value)), count));

    private static Gen<Json> Deep => Gen.Frequency((9, Gen.Choose(5, 90)), (1, Gen.Choose(100, 2_000))).SelectMany(depth => Gen.Elements<Json>(
        new JsonToken($"{new string('[', depth)}{new string(']', depth)}"),
        new JsonToken($"{string.Concat(Enumerable.Repeat("{\"event\":", depth))}0.50{new string('}', depth)}"),
        new JsonToken($"{string.Concat(Enumerable.Repeat("[{\"a\":1,\"\":", depth / 2))}null{string.Concat(Enumerable.Repeat("}]", depth / 2))}")));

    private static Gen<string[]> Long(int least, int most) => Gen.Zip(
        Gen.Choose(least, most),
        Gen.Choose(1, 5).SelectMany(count => Gen.ArrayOf(Gen.Elements(s_pieces), count)),
        (length, some) => Enumerable.Range(0, length).Select(i => some[i % some.Length]).ToArray());

    private static Gen<Json> Value(int depth)
    {
        var leaf = Gen.Frequency(
            (3, Number),
            (3, Text.Select(text => (Json)text)),
            (1, Gen.Elements("null", "true", "false").Select(word => (Json)new JsonToken(word))));
        if (depth == 0)
            return leaf;

        var inner = Value(depth - 1);
        return Gen.Frequency(
            (3, leaf),
            (2, Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(inner, count)).Select(elements => (Json)new JsonArray(elements))),
            (3, Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(Gen.Zip(Name, inner, (name, value) => new JsonProperty(name, value)), count))
                .Select(properties => (Json)new JsonObject(properties))));
    }
}
