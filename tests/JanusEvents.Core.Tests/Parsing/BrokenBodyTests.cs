using System.Text;
using JanusEvents.Testing;
using static JanusEvents.Core.Tests.Parsing.SampleEvents;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>Bodies that are not, or not altogether, what Janus sends: nothing throws, nothing is lost.</summary>
public sealed class BrokenBodyTests
{
    private const string First = """{"type":1,"session_id":1,"event":{"name":"created"}}""";
    private const string Second = """{"type":2,"session_id":1,"handle_id":2,"event":{"name":"attached","plugin":"p[{\"\\"}}""";
    private const string Third = """{"type":64,"event":{"plugin":"p","data":{"a":[1,{"b":"],{"}]}}}""";

    private readonly JanusEventParser _parser = new();

    public static TheoryData<string> BrokenElements =>
    [
        "5", "-0.5", "\"text\"", "\"a,b]\"", "null", "true", "[1,2]", "[{\"type\":1}]", "nonsense", "{}", "{\"type\":\"1\"}", "{\"type\":null,\"event\":{}}",
        "{\"type\":4294967296}", "{\"type\":1.0}", "{\"type\":true,\"event\":{\"name\":\"created\"}}", "{\"event\":{\"type\":1}}", "{\"type\":[1]}",
        "{\"type\":1,}", "{\"type\":}", "{\"type\" 1}", "{type:1}", "{'type':1}", "{\"type\":01}", "{\"type\":1 \"event\":{}}",
        "{\"type\":1,\"event\":{\"name\":\"a\nb\"}}", "{\"type\":1,\"event\":{\"name\":\"\\x\"}}", "{\"type\":1,\"event\":{\"name\":tru}}",
        "{\"type\":1,\"event\":[1,2}}", "{\"type\":1/*,*/}", "{\"type\":1,\"event\":{\"name\":\"\\u12\"}}", "{\"type\":1,\"event\":NaN}", "{\"type\":1,\"event\":+1}",
    ];

    [Theory]
    [MemberData(nameof(BrokenElements))]
    public void A_broken_element_costs_only_itself_wherever_it_stands(string broken)
    {
        string[][] orders = [[broken, First, Second, Third], [First, broken, Second, Third], [First, Second, Third, broken]];
        foreach (var order in orders)
        {
            foreach (var separator in new[] { ",", " ,\r\n\t" })
            {
                var json = $"[{string.Join(separator, order)}]";

                var parsed = Parse(json);

                parsed.Events.Select(e => e.Json.ToString()).Should().Equal(First, Second, Third);
                var piece = parsed.Rejected.Should().ContainSingle().Subject;
                Encoding.UTF8.GetString(piece.Bytes.Span).Trim().Should().Be(broken);
                piece.Offset.Should().Be(json.IndexOf(broken, StringComparison.Ordinal));
                piece.Reason.Should().EndWith(".").And.NotContain("attached");
                parsed.IsUsable.Should().BeTrue();
            }
        }
    }

    [Theory]
    [MemberData(nameof(BrokenElements))]
    public void A_body_of_nothing_but_a_broken_element_is_refused(string broken)
    {
        foreach (var json in new[] { broken, $"[{broken}]" })
        {
            if (json.StartsWith("[{\"type\":1}]", StringComparison.Ordinal))
                continue; // As a body this is a group of one event.

            var parsed = Parse(json);
            parsed.Events.Should().BeEmpty();
            parsed.Rejected.Should().NotBeEmpty();
            parsed.IsUsable.Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData(" \r\n\t ", "The body is empty.")]
    [InlineData("\uFEFF", "The body is empty.")]
    [InlineData("\0\0", "The body is empty.")]
    [InlineData("not JSON", "The body is neither a JSON array nor a JSON object.")]
    [InlineData("null", "The body is neither a JSON array nor a JSON object.")]
    [InlineData(" \"text\"", "The body is neither a JSON array nor a JSON object.")]
    [InlineData("17", "The body is neither a JSON array nor a JSON object.")]
    [InlineData("type=1&event=2", "The body is neither a JSON array nor a JSON object.")]
    [InlineData("<html>502 Bad Gateway</html>", "The body is neither a JSON array nor a JSON object.")]
    [InlineData("]", "The body is neither a JSON array nor a JSON object.")]
    public void A_body_that_is_no_JSON_is_one_rejected_piece(string body, string reason)
    {
        var parsed = Parse(body);

        parsed.Events.Should().BeEmpty();
        parsed.Rejected.Should().ContainSingle().Which.Reason.Should().Be(reason);
        parsed.IsUsable.Should().BeFalse();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ ] \n")]
    [InlineData("[]\0")]
    public void An_empty_array_has_nothing_to_refuse(string body)
    {
        var parsed = Parse(body);

        parsed.Events.Should().BeEmpty();
        parsed.Rejected.Should().BeEmpty();
        parsed.IsUsable.Should().BeTrue();
    }

    [Theory]
    [InlineData("\uFEFF{0}")]
    [InlineData("\uFEFF [{0}]")]
    [InlineData("{0}\0")]
    [InlineData("[{0}]\n\0\0\0")]
    [InlineData("\t{0}\r\n")]
    public void A_byte_order_mark_before_and_NULs_and_white_space_after_do_not_count(string format)
    {
        var parsed = Parse(format.Replace("{0}", First, StringComparison.Ordinal));

        parsed.Events.Should().ContainSingle().Which.Json.ToString().Should().Be(First);
        parsed.Rejected.Should().BeEmpty();
    }

    [Theory]
    [InlineData("{0},{1}", "", ",{1}")]
    [InlineData("[{0}]junk", "", "junk")]
    [InlineData("[{0}]junk {1}", "", "junk {1}")]
    [InlineData("[{0}]\0x", "", "\0x")]
    [InlineData("{0}]", "", "]")]
    public void What_follows_the_end_is_rejected_and_the_events_before_are_there(string format, string between, string rest)
    {
        var parsed = Parse(Fill(format));

        parsed.Events.Should().ContainSingle().Which.Json.ToString().Should().Be(First + between);
        var piece = parsed.Rejected.Should().ContainSingle().Subject;
        piece.Reason.Should().Be("Something follows the end of the JSON.");
        piece.Bytes.ToArray().Should().Equal(Utf8(Fill(rest)));
    }

    [Theory]
    [InlineData("[{0},]", 1, "")]
    [InlineData("[,{0}]", 1, "")]
    [InlineData("[{0},,{1}]", 2, "")]
    [InlineData("[{0} x,{1}]", 2, "x")]
    [InlineData("[{0}:{1},{2}]", 2, ":{1}")]
    public void A_comma_too_many_or_something_in_its_place_costs_nothing_else(string format, int events, string rejected)
    {
        var parsed = Parse(Fill(format));

        parsed.Events.Should().HaveCount(events);
        parsed.Rejected.Should().ContainSingle().Which.Bytes.ToArray().Should().Equal(Utf8(Fill(rejected)));
    }

    [Fact]
    public void Events_without_commas_between_them_are_all_there()
    {
        var parsed = Parse(Fill("[{0}{1}\n{2}]"));

        parsed.Events.Select(e => e.Json.ToString()).Should().Equal(First, Second, Third);
        parsed.Rejected.Should().HaveCount(2).And.OnlyContain(p => p.Bytes.IsEmpty && p.Reason.Contains("comma"));
    }

    [Fact]
    public void Invalid_UTF8_costs_only_the_event_that_has_it()
    {
        var bad = Utf8("""{"type":2,"event":{"name":"attached","token":"?","colour":"?"}}""");
        bad[Array.IndexOf(bad, (byte)'?')] = 0xFF;
        byte[] body = [(byte)'[', .. Utf8(First), (byte)',', .. bad, (byte)',', .. Utf8(Third), (byte)']'];

        var parsed = _parser.Parse(body);

        parsed.Events.Select(e => e.Json.ToString()).Should().Equal(First, Third);
        var piece = parsed.Rejected.Should().ContainSingle().Subject;
        piece.Should().Match<RejectedElement>(p => p.Offset == First.Length + 2 && p.Reason == "The event is not valid UTF-8.");
        piece.Bytes.ToArray().Should().Equal(bad);
    }

    [Theory]
    [InlineData("{\"type\":1,\"event\":{\"name\":\"?\"}}")]
    [InlineData("{\"type\":1,\"event\":{\"?\":1}}")]
    [InlineData("{\"type\":64,\"event\":{\"data\":{\"deep\":[\"?\"]}}}")]
    [InlineData("{\"type\":64,\"novel\":\"?\"}")]
    [InlineData("{\"type\":1?}")]
    public void Invalid_UTF8_is_found_wherever_it_hides(string format)
    {
        foreach (byte[] invalid in new byte[][] { [0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80] })
        {
            var place = format.IndexOf('?', StringComparison.Ordinal);
            byte[] body = [.. Utf8(format[..place]), .. invalid, .. Utf8(format[(place + 1)..])];

            var parsed = _parser.Parse(body);

            parsed.Events.Should().BeEmpty();
            parsed.Rejected.Should().ContainSingle().Which.Bytes.ToArray().Should().Equal(body);
        }
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task Nesting_without_end_is_rejected(int levels)
    {
        foreach (var brackets in new[] { new string('[', levels), string.Concat(Enumerable.Repeat("{\"a\":", levels)) })
        {
            foreach (var json in new[] { $"[{First},{brackets}", $"[{First},{{\"type\":4,\"event\":{{\"data\":{brackets}" })
            {
                var parsed = await ParseInTimeAsync(json);
                parsed.Events.Should().ContainSingle();
                parsed.Rejected.Should().NotBeEmpty();
            }
        }
    }

    [Fact]
    public void An_event_that_nests_too_deep_is_rejected_with_that_reason_and_its_neighbours_are_there()
    {
        JanusEventParser parser = new(new JanusEventParserOptions { MaxDepth = 64 });
        string Deep(int levels) => $$$"""{"type":4,"event":{"schema":"\"[[[","data":{{{new string('[', levels - 2)}}}{{{new string(']', levels - 2)}}}}}""";

        var parsed = parser.Parse(Utf8($"[{First},{Deep(65)},{Deep(64)},{Third}]"));

        parsed.Events.Select(e => e.Json.ToString()).Should().Equal(First, Deep(64), Third);
        parsed.Rejected.Should().ContainSingle().Which.Reason.Should().Be("The event nests deeper than 64 levels.");
    }

    [Fact]
    public void An_event_as_deep_as_is_allowed_is_rejected_for_what_is_broken_in_it()
    {
        JanusEventParser parser = new(new JanusEventParserOptions { MaxDepth = 64 });
        var broken = $$$"""{"type":4,"event":{"data":{{{new string('[', 62)}}}{{{new string(']', 62)}}},}}""";

        parser.Parse(Utf8($"[{broken},{First}]")).Rejected.Should().ContainSingle().Which.Reason.Should().Be("The event is broken JSON.");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[ ")]
    [InlineData("[{0}")]
    [InlineData("[{0},")]
    public void A_body_that_ends_inside_its_array_is_rejected_with_that_reason(string format)
    {
        var piece = Parse(Fill(format)).Rejected.Should().ContainSingle().Subject;

        piece.Reason.Should().Be("The body ends inside the array.");
        piece.Bytes.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Elements_beyond_the_limit_are_rejected_together()
    {
        JanusEventParser parser = new(new JanusEventParserOptions { MaxElements = 100 });
        var all = Enumerable.Range(0, 103).Select(i => $$$"""{"type":1,"session_id":{{{i}}}}""").ToList();

        var parsed = parser.Parse(Utf8($"[{string.Join(',', all)}]"));
        var atLimit = parser.Parse(Utf8($"[{string.Join(',', all.Take(100))}]"));

        parsed.Events.Should().HaveCount(100);
        Encoding.UTF8.GetString(parsed.Rejected.Single().Bytes.Span).Should().Be(string.Join(',', all.Skip(100)) + "]");
        parsed.Rejected.Single().Reason.Should().Contain("100");
        atLimit.Events.Should().HaveCount(100);
        atLimit.Rejected.Should().BeEmpty();
    }

    [Fact]
    public async Task A_large_body_of_rubbish_is_refused()
    {
        foreach (var rubbish in new[] { "\"", "{", "{\"", ",", "]", "\\\"", "\0", "{}", "{\"type\":1}", "[\0" })
        {
            var parsed = await ParseInTimeAsync("[" + string.Concat(Enumerable.Repeat(rubbish, 1_000_000 / rubbish.Length)));
            parsed.Rejected.Should().NotBeEmpty();
        }
    }

    private static string Fill(string format) => format
        .Replace("{0}", First, StringComparison.Ordinal)
        .Replace("{1}", Second, StringComparison.Ordinal)
        .Replace("{2}", Third, StringComparison.Ordinal);

    // Time that grows with the square of the length would be hours.
    private Task<ParsedBody> ParseInTimeAsync(string json) => Task.Run(() => Parse(json)).WaitAsync(Wait.Limit);

    private ParsedBody Parse(string json)
    {
        var utf8 = Utf8(json);
        var parsed = _parser.Parse(utf8);
        ParsedBodies.ShouldAccountForEveryByte(utf8, parsed);
        return parsed;
    }
}
