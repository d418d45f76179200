using System.Reflection;
using System.Text.Json;
using JanusEvents.Core.Tests.Parsing;
using JanusEvents.Events;

namespace JanusEvents.Core.Tests.Events;

/// <summary>Each kind of event is described, and its description is about all of its record.</summary>
public sealed class EventKindsTests
{
    private static readonly IceCandidate s_candidate = new("192.0.2.1", 50000, "host", "udp", 4);

    public static TheoryData<string> Kinds => [.. EventKinds.All.Where(kind => kind != UnknownEvent.Description).Select(kind => kind.Name)];

    [Fact]
    public void Every_record_is_described_once_and_under_a_name_of_its_own()
    {
        EventKinds.All.Select(kind => kind.Record).Should()
            .BeEquivalentTo(typeof(JanusEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(JanusEvent))));
        EventKinds.All.Should().OnlyContain(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.Record.Name) == $"{kind.Name}_event");
        EventKinds.All.Select(kind => kind.Name).Should().OnlyHaveUniqueItems();
        EventKinds.All.Select(kind => (kind.Type, kind.Subtype)).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_property_of_the_record_is_described_exactly_once(string name)
    {
        var kind = Kind(name);
        HashSet<EventValue> described = [];
        foreach (var property in PropertiesOf(kind))
        {
            var e = Make(kind);
            property.SetValue(e, Sample(property, 1));

            var values = ValuesOf(kind, e);

            values.Should().HaveCount(property.PropertyType == typeof(IceCandidate) ? 5 : 1, property.Name);
            values.Should().OnlyContain(value => described.Add(value), property.Name);
        }

        // A codec has one of three properties.
        described.Should().HaveCount(kind.Values.Count - (kind == MediaStatsEvent.Description ? 2 : kind.DerivedValues.Count));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Paths_and_columns_have_names_of_their_own(string name)
    {
        var kind = Kind(name);

        kind.Values.Where(value => value.Path is not null).Select(value => value.Path).Should().OnlyHaveUniqueItems();
        kind.Values.Select(value => value.Column).Should().OnlyHaveUniqueItems();
        kind.PublishedColumns.Should().BeSubsetOf(kind.Values.Select(value => value.Column));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_event_that_is_written_and_read_is_the_same(string name)
    {
        var kind = Kind(name);
        var e = Make(kind);
        foreach (var (place, property) in PropertiesOf(kind).Index())
            property.SetValue(e, property.Name == nameof(MediaStatsEvent.Part) ? null : Sample(property, place));

        var json = e.ToJson();
        var read = new JanusEventParser().Parse(SampleEvents.Utf8(json)).Events.Should().ContainSingle().Subject;

        read.GetType().Should().Be(kind.Record);
        read.Envelope.HasMore.Should().BeFalse();
        PropertiesOf(kind).Select(property => property.GetValue(read)?.ToString())
            .Should().Equal(PropertiesOf(kind).Select(property => property.GetValue(e)?.ToString()));
        (read with { Emitter = "janus" }).ToJson().Should().Be((e with { Emitter = "janus" }).ToJson());
        read.ToJson().Should().Be(json);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_without_properties_is_an_empty_body(string name)
    {
        var e = Make(Kind(name));

        e.ToJson().Should().EndWith("\"event\":{}}");
        ValuesOf(Kind(name), e).Should().BeEmpty();
    }

    private static EventKind Kind(string name) => EventKinds.All.Single(kind => kind.Name == name);

    private static JanusEvent Make(EventKind kind) => (JanusEvent)Activator.CreateInstance(kind.Record)!;

    private static PropertyInfo[] PropertiesOf(EventKind kind) =>
        kind.Record.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    /// <summary>The values that an event has. Of the derived ones, only the part of statistics is a property.</summary>
    private static EventValue[] ValuesOf(EventKind kind, JanusEvent e) =>
        [.. kind.Values.Where(value => (value.Path is not null || value.Column == "part") && value.Read(e) is not null)];

    private static object Sample(PropertyInfo property, int place) => property.PropertyType switch
    {
        var type when type == typeof(string) => $"text {place}",
        var type when type == typeof(long?) => 4_294_967_296L + place,
        var type when type == typeof(int?) => place,
        var type when type == typeof(bool?) => true,
        var type when type == typeof(RawJson) => new RawJson(SampleEvents.Utf8($"{{\"place\":{place}}}")),
        var type when type == typeof(IceCandidate) => s_candidate with { Port = place },
        var type => throw new InvalidOperationException($"No sample of {type}."),
    };
}
