using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static JanusEvents.Core.Tests.Parsing.SampleEvents;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>Each kind of event in every way that its JSON can be written.</summary>
public sealed class EveryFormTests
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create() };
    private static readonly string[] s_numbers = ["0", "-1", "1", "9223372036854775807", "-9223372036854775808", "9007199254740993"];

    // None of these is a text, and no 64-bit integer gives one of these numbers back as it was written.
    private static readonly string[] s_numbersOfAnotherForm =
        ["-0", "0.5", "1.0", "1e3", "1E+3", "9223372036854775808", "-9223372036854775809", "1e400", "123456789012345678901234567890"];

    private readonly JanusEventParser _parser = new();

    public static TheoryData<string> Records => [.. SampleEvents.Records];

    public static TheoryData<string> RecordsWithSubtype => [.. SampleEvents.Records.Where(r => r != "CoreEvent" && Node(r).ContainsKey("subtype"))];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_holds_all_that_any_release_sends(string record)
    {
        var read = ReadAsSent(Json(record));

        read.GetType().Name.Should().Be(record);
        read.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.Name is not (nameof(MediaStatsEvent.Part) or nameof(JanusEvent.Subtype)))
            .Where(p => p.GetValue(read) is null or RawJson { IsEmpty: true })
            .Should().BeEmpty("the sample fills every property");
    }

    [Fact]
    public void Every_record_has_a_sample() =>
        SampleEvents.Records.Should().BeEquivalentTo(
            typeof(JanusEvent).Assembly.GetTypes()
                .Where(t => t.IsSubclassOf(typeof(JanusEvent)) && t != typeof(UnknownEvent))
                .Select(t => t.Name));

    [Theory]
    [MemberData(nameof(RecordsWithSubtype))]
    public void Before_Janus_0_9_1_the_keys_of_the_body_tell_the_record(string record)
    {
        var sample = Node(record);
        sample.Remove("subtype");

        ReadAsSent(sample).GetType().Name.Should().Be(record);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void The_order_of_the_envelope_does_not_matter(string record)
    {
        var sample = Node(record);
        foreach (var names in Permutations([.. sample.Select(p => p.Key).Except(["emitter", "timestamp", "opaque_id"])]))
        {
            JsonObject shuffled = new(names.Concat(["emitter", "timestamp", "opaque_id"]).Select(n => KeyValuePair.Create(n, sample[n]?.DeepClone())));
            ReadAsSent(shuffled).GetType().Name.Should().Be(record);
        }
    }

    [Fact]
    public void No_order_of_the_whole_envelope_matters()
    {
        string[] properties =
        [
            "\"emitter\":\"edge-7\"", "\"type\":32", "\"subtype\":2", "\"timestamp\":1733000000123457", "\"session_id\":42",
            "\"handle_id\":81", "\"opaque_id\":\"user-9\"", "\"event\":{\"media\":\"audio\",\"slow_link\":\"uplink\"}",
        ];

        var read = Permutations(properties)
            .Select(p => (SlowLinkEvent)_parser.Parse(Utf8($"{{{string.Join(',', p)}}}")).Events.Single())
            .Select(e => (e.Emitter, e.Type, e.Subtype, e.Timestamp, e.SessionId, e.HandleId, e.OpaqueId, e.Media, e.SlowLink))
            .ToList();

        read.Should().HaveCount(40_320);
        read.Distinct().Should().ContainSingle().Which.Should().Be((
            "edge-7", JanusEventType.Media, 2, DateTimeOffset.UnixEpoch.AddTicks(17330000001234570), 42, 81, "user-9", "audio", "uplink"));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void The_order_of_the_body_does_not_matter(string record)
    {
        var sample = Node(record);
        var body = sample["event"]!.AsObject();
        sample["event"] = new JsonObject(body.Reverse().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));

        ReadAsSent(sample).GetType().Name.Should().Be(record);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Indentation_does_not_matter(string record)
    {
        var indented = Node(record).ToJsonString(s_indented).ReplaceLineEndings("\r\n\t ");

        ReadAsSent($" \n[ \t{indented}\r\n ] \n").GetType().Name.Should().Be(record);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Names_and_texts_may_be_escaped(string record)
    {
        var escaped = Escaped(Node(record));

        escaped.Should().Contain("\"\\u0074\\u0079\\u0070\\u0065\":");
        ReadAsSent(escaped).GetType().Name.Should().Be(record);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_property_that_is_not_there_is_null_and_the_others_are_as_sent(string record)
    {
        foreach (var property in ModelledBody.Envelope.Properties.Where(p => p.Paths[0] is not ("type" or "subtype")))
        {
            var sample = Node(record);
            sample.Remove(property.Paths[0]);
            property.Read(ReadAsSent(sample)).Should().BeNull();
        }

        foreach (var property in Model(record).Properties)
        {
            var sample = Node(record);
            var (inside, name) = Place(sample, property);
            inside.Remove(name);
            property.Read(ReadAsSent(sample)).Should().BeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_value_of_another_form_is_null_and_the_others_are_as_sent(string record)
    {
        string[] forms = ["null", "true", "[]", "[1,\"a\"]", "{}", "{\"a\":{}}", "\"5\"", "5", .. s_numbersOfAnotherForm];
        foreach (var form in forms)
        {
            foreach (var property in ModelledBody.Envelope.Properties.Where(p => p.Paths[0] != "type"))
            {
                var sample = Node(record);
                sample[property.Paths[0]] = JsonNode.Parse(form);
                ReadAsSent(sample);
            }

            foreach (var property in Model(record).Properties)
            {
                var sample = Node(record);
                var (inside, name) = Place(sample, property);
                inside[name] = JsonNode.Parse(form);
                ReadAsSent(sample);

                // The object around it, where there is one.
                if (property.Paths[0].LastIndexOf('.') is > 0 and var dot)
                {
                    (inside, name) = Place(sample, property.Paths[0][..dot]);
                    inside[name] = JsonNode.Parse(form);
                    ReadAsSent(sample);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Numbers_are_exact_up_to_the_ends_of_64_bits(string record)
    {
        foreach (var number in s_numbers)
        {
            var sample = Node(record);
            var numbers = Model(record).Properties.Where(p => p.Read(ReadAsSent(sample)) is long).ToList();
            foreach (var property in numbers)
            {
                var (inside, name) = Place(sample, property);
                inside[name] = JsonNode.Parse(number);
            }

            sample["session_id"] = JsonNode.Parse(number);
            sample["handle_id"] = JsonNode.Parse(number);

            var read = ReadAsSent(sample);
            read.SessionId.Should().Be(long.Parse(number, CultureInfo.InvariantCulture));
            read.HandleId.Should().Be(read.SessionId);
            numbers.Should().NotContain(p => (long?)p.Read(read) != read.SessionId);
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_modelled_property_that_comes_twice_makes_the_event_unknown(string record)
    {
        var json = Json(record);
        foreach (var property in Model(record).Properties)
        {
            var name = $"\"{property.Paths[0].Split('.')[^1]}\":";
            var place = json.IndexOf(name, json.IndexOf("\"event\":", StringComparison.Ordinal), StringComparison.Ordinal);
            ReadAsSent(json.Insert(place, name + "1,")).Should().BeOfType<UnknownEvent>($"{name} comes twice");
        }

        foreach (var property in Node(record).Select(p => p.Key))
            ReadAsSent(json.Insert(1, $"\"{property}\":{(property == "type" ? 1 : 2)},")).Should().BeOfType<UnknownEvent>($"{property} comes twice");
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_property_that_the_model_does_not_know_is_kept_in_the_JSON(string record)
    {
        var sample = Node(record);
        sample["novel"] = JsonNode.Parse("""{"type":1,"event":{"name":"created"},"deep":[[{"a":null}]]}""");
        sample["event"]!["novel"] = JsonNode.Parse("""[1,{"media":"x","plugin":2}]""");
        sample["event"]!["another"] = "text";

        var read = ReadAsSent(sample);

        read.GetType().Name.Should().Be(record);
        read.Json.ToElement().GetProperty("novel").GetProperty("deep").GetArrayLength().Should().Be(1);
        read.Json.ToElement().GetProperty("event").GetProperty("another").GetString().Should().Be("text");
    }

    private JanusEvent ReadAsSent(JsonObject json) => ReadAsSent(json.ToJsonString());

    /// <summary>Parses one event and checks it against the independent reading.</summary>
    private JanusEvent ReadAsSent(string json)
    {
        var utf8 = Utf8(json);
        var parsed = _parser.Parse(utf8);
        parsed.Rejected.Should().BeEmpty();
        IndependentReading.Differences(utf8, parsed.Events).Should().BeEmpty();
        return parsed.Events.Should().ContainSingle().Subject;
    }

    private static (JsonObject Inside, string Name) Place(JsonObject sample, ModelledProperty property) => Place(sample, property.Paths[0]);

    private static (JsonObject Inside, string Name) Place(JsonObject sample, string path)
    {
        var names = path.Split('.');
        var inside = sample["event"]!.AsObject();
        foreach (var name in names[..^1])
            inside = inside[name]!.AsObject();
        return (inside, names[^1]);
    }

    private static IEnumerable<string[]> Permutations(string[] items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }

        for (var i = 0; i < items.Length; i++)
        {
            foreach (var rest in Permutations([.. items[..i], .. items[(i + 1)..]]))
                yield return [items[i], .. rest];
        }
    }

    private static string Escaped(JsonNode? node) => node switch
    {
        JsonObject o => $"{{{string.Join(',', o.Select(p => $"{EscapedText(p.Key)}:{Escaped(p.Value)}"))}}}",
        JsonArray a => $"[{string.Join(',', a.Select(Escaped))}]",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => EscapedText(v.GetValue<string>()),
        _ => node?.ToJsonString() ?? "null",
    };

    private static string EscapedText(string text)
    {
        StringBuilder escaped = new("\"");
        foreach (var c in text)
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        return escaped.Append('"').ToString();
    }
}
