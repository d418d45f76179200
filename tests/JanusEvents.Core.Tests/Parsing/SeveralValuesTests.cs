using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using JanusEvents.Testing;
using Microsoft.FSharp.Core;
using static JanusEvents.Core.Tests.Parsing.SampleEvents;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>Bodies of several JSON values one after the other, as a file with one on each line (NDJSON).</summary>
public sealed class SeveralValuesTests
{
    private const string First = """{"type":1,"session_id":1,"event":{"name":"created"}}""";
    private const string Second = """{"type":2,"session_id":1,"handle_id":2,"event":{"name":"attached","plugin":"p[{\"\\"}}""";
    private const string Third = """{"type":64,"event":{"plugin":"p","data":{"a":[1,{"b":"],{"}]}}}""";
    private const string Cut = """{"type":64,"event":{"plugin":"p","data":{"a":[1,{"b":"],{"}""";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JanusEventParser _parser = new();

    public static TheoryData<string> BrokenLines =>
    [
        Cut, "{", "{\"type\":1", "{\"type\":1,", "{\"type\":1,\"event\":", "{\"type\":1,\"event\":{", "{\"type\":1,\"event\":{\"name\":\"crea", "{\"type\":1,,}",
        "nonsense", "5", "\"text", "null", "}", "]", ",", ":", "\\", "{}", "{\"type\":\"1\"}", "# a comment", "{\"type\":1}}", "{\"type\":1,}", "\u0001", "]}", "} {",
    ];

    [Theory]
    [InlineData("{0}\n{1}\n{2}")]
    [InlineData("{0}\n{1}\n{2}\n")]
    [InlineData("{0}\r\n{1}\r\n{2}\r\n")]
    [InlineData("{0}\r{1}\r{2}")]
    [InlineData("\n\n{0}\n\n\n{1}\n \t\n{2}\n\n")]
    [InlineData("  {0}\n\t{1}\n  {2}")]
    [InlineData("{0} {1}\t{2}")]
    [InlineData("{0}{1}{2}")]
    [InlineData("[{0}][{1},{2}]")]
    [InlineData("[{0},{1}]\n[{2}]")]
    [InlineData("[{0}]\r\n[]\r\n[ ]\r\n[{1},\r\n{2}]\r\n")]
    [InlineData("[{0}]\n{1}\n[{2}]")]
    [InlineData("{0}\n[\n{1},\n{2}\n]")]
    [InlineData("{0}\n[{1},\n\n{2}]\n")]
    [InlineData("\uFEFF{0}\n{1}\n{2}\n")]
    [InlineData("\uFEFF{0}\n\uFEFF{1}\n\uFEFF[{2}]\n")]
    [InlineData("{0}\n{1}\n{2}\n\0")]
    [InlineData("{0}\n{1}\n{2}\0\n")]
    [InlineData("{0}\0{1}\0{2}\0")]
    [InlineData("{0}\0\n{1}\0\n{2}\0\n")]
    [InlineData("[{0}]\0\uFEFF[{1}]\0 \0[{2}]")]
    public void The_events_are_those_of_all_in_their_order(string format)
    {
        var parsed = Parse(Fill(format));

        Texts(parsed).Should().Equal(First, Second, Third);
        parsed.Rejected.Should().BeEmpty();
        parsed.IsUsable.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(BrokenLines))]
    public void A_broken_line_costs_only_itself_wherever_it_stands(string broken)
    {
        string[][] orders = [[broken, First, Second, Third], [First, broken, Second, Third], [First, Second, Third, broken]];
        foreach (var order in orders)
        {
            foreach (var newLine in new[] { "\n", "\r\n", "\n\n" })
            {
                var body = string.Join(newLine, order) + newLine;

                var parsed = Parse(body);

                Texts(parsed).Where(text => text != "{\"type\":1}").Should().Equal([First, Second, Third], body);
                Encoding.UTF8.GetString([.. parsed.Rejected.SelectMany(piece => piece.Bytes.ToArray())])
                    .Should().Be(broken == "{\"type\":1}}" ? "}" : broken == "} {" ? "} {" : broken, body);
                if (broken != "{\"type\":1}}")
                    parsed.Rejected.Should().ContainSingle().Which.Offset.Should().Be(body.IndexOf(newLine + broken + newLine, StringComparison.Ordinal) is >= 0 and int place ? place + newLine.Length : 0);
            }
        }
    }

    [Theory]
    [InlineData("[{0},{3}\n[{1}]\n[{2}]\n")]
    [InlineData("[{0},\n[{1}]\n[{2}]\n")]
    [InlineData("[{0}\n[{1}]\n[{2}]\n")]
    [InlineData("[{0},{3}\r\n[{1}]\r\n[{2}]")]
    [InlineData("[{0}]\n[{1},{3}\n[{2}]\n")]
    [InlineData("[{0}]\n[{1},\n[{2}]\n")]
    [InlineData("[{0}]\n[{1}\n[{2}]\n")]
    [InlineData("[{0}]\n[{1}\nnonsense\n[{2}]\n")]
    [InlineData("[{0}]\n[{1},{3}\nnonsense\n[{2}]\n")]
    [InlineData("[{0}]\n[\n[{1}]\n[{2}]\n")]
    [InlineData("[{0}]\n[1,\"two\n[{1}]\n[{2}]\n")]
    [InlineData("[{0}]\n[{1}]\n[{2},{3}")]
    [InlineData("[{0}]\n[{1}]\n[{2},{3}\n")]
    [InlineData("{0}\n[{1},{3}\n{2}\n")]
    [InlineData("{0},\n{1},\n{2},\n")]
    [InlineData("{0}\n{3}\n{3}\n{3}\n{1}\n{3}\n{2}\n{3}\n")]
    [InlineData("{3}\n{0}\n{1}\n{2}\n")]
    [InlineData("nonsense\n{0}\n{1}\n{2}\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\n\r\n[{0},{1},{2}]\r\n")]
    public void Of_arrays_that_a_line_cuts_the_events_before_and_after_are_there(string format)
    {
        var parsed = Parse(Fill(format));

        Texts(parsed).Should().Equal(First, Second, Third);
        parsed.Rejected.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("{0}\nnonsense\n{1}\n")]
    [InlineData("{0}\nnonsense")]
    [InlineData("nonsense\n{0}\n{1}\n")]
    public void A_line_without_a_value_is_rejected_as_a_line(string format) =>
        Parse(Fill(format)).Rejected.Should().ContainSingle().Which.Reason.Should().Be("The line is neither a JSON array nor a JSON object.");

    [Fact]
    public void Broken_lines_are_rejected_one_by_one_also_after_a_value_of_many_lines()
    {
        var parsed = Parse(Fill("{0}\n[\n{1}\n]\none\ntwo\n{2}\n"));

        Texts(parsed).Should().Equal(First, Second, Third);
        parsed.Rejected.Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span)).Should().Equal("one", "two");
    }

    [Fact]
    public void A_comma_on_the_line_after_something_broken_separates_the_elements()
    {
        var parsed = Parse(Fill("{0}\n[{1} x\n,{2}]\n"));

        Texts(parsed).Should().Equal(First, Second, Third);
        parsed.Rejected.Should().ContainSingle().Which.Bytes.ToArray().Should().Equal((byte)'x');
    }

    [Fact]
    public void A_broken_event_over_many_lines_costs_no_more_than_it_did()
    {
        var indented = JsonNode.Parse("""{"type":4,"event":{"data":[{"type":1},{"type":2}],"last":[1]}}""")!.ToJsonString(s_indented);

        var parsed = Parse(indented.Replace("\"last\"", "last", StringComparison.Ordinal));

        parsed.Events.Should().BeEmpty("what stands in it is no event of its own");
        parsed.Rejected.Should().ContainSingle();
    }

    [Fact]
    public void Sixty_broken_lines_cost_only_themselves()
    {
        var lines = Enumerable.Range(0, 120).Select(n => n % 2 == 0 ? $$$"""{"type":1,"session_id":{{{n}}}}""" : $$"""{"type":1,"event":{"a":[{"n":"{{n}}""").ToList();

        var parsed = Parse(string.Join('\n', lines));

        parsed.Events.Select(e => e.SessionId).Should().Equal(Enumerable.Range(0, 60).Select(n => (long?)(2 * n)));
        parsed.Rejected.Should().HaveCount(60);
    }

    [Fact]
    public void Elements_of_all_values_together_are_limited()
    {
        JanusEventParser parser = new(new JanusEventParserOptions { MaxElements = 100 });
        List<string> events = [.. Enumerable.Range(0, 103).Select(n => $$"""{"type":1,"session_id":{{n}}}""")];

        foreach (var body in new[] { string.Join('\n', events), string.Concat(events), $"[{string.Join(',', events.Take(60))}]\n[{string.Join(',', events.Skip(60))}]", string.Join("\n", events.Select(e => $"[{e}]")) })
        {
            var utf8 = Utf8(body);
            var parsed = parser.Parse(utf8);

            parsed.Events.Select(e => e.SessionId).Should().Equal(Enumerable.Range(0, 100).Select(n => (long?)n));
            parsed.Rejected.Should().ContainSingle().Which.Reason.Should().Be("The body has more than 100 elements.");
            ParsedBodies.ShouldAccountForEveryByte(utf8, parsed);
        }

        parser.Parse(Utf8(string.Join('\n', events.Take(100)))).Rejected.Should().BeEmpty();
        parser.Parse(Utf8(string.Join('\n', Enumerable.Repeat("x", 1_000)))).Rejected.Should().HaveCountLessThan(103);
    }

    [Fact]
    public async Task A_large_body_of_broken_lines_is_refused()
    {
        string[] lines =
        [
            "{", "[", "x", "{x}", "{}}", "{\"a\":", "[{\"a\":", "[[", "\"", "{\"a", "[\"a", ",", "]", "{\"type\":1}", "[{\"type\":1}", "[{\"type\":1},", "\0x", "\uFEFFx", "[]", "", "\r",
        ];
        foreach (var line in lines)
        {
            foreach (var before in new[] { "", "{}\n", "{x", "[", "[{}\n" })
            {
                foreach (var after in new[] { "", $"\"{new string('x', 2_000_000)}" })
                {
                    // Time that grows with the square of the length would be hours.
                    var body = before + string.Concat(Enumerable.Repeat(line + "\n", 300_000 / (line.Length + 1))) + after;
                    var parsed = await Task.Run(() => _parser.Parse(Utf8(body))).WaitAsync(Wait.Limit);
                    (parsed.Events.Count + parsed.Rejected.Count).Should().BeLessThan(40_000);
                }
            }
        }
    }

    [Fact]
    public async Task Whatever_events_stand_one_after_the_other_with_white_space_between_are_those_of_their_array()
    {
        var captured = new[] { "03-videoroom", "06b-external-events", "07-ungrouped-indented", "07c-plain-combined-stats-no-server-name" }
            .SelectMany(c => Captures.Bodies(c).SelectMany(b => _parser.Parse(b.Json).Events).DistinctBy(e => (e.GetType(), e.Subtype)).Select(e => e.Json.ToString()));
        string[] events = [.. Records.Select(Json), .. captured];
        var aEvent = Gen.Elements(events).SelectMany(json => Gen.Elements(json, JsonNode.Parse(json)!.ToJsonString(s_indented), JsonNode.Parse(json)!.ToJsonString()));
        var space = Gen.Elements("", " ", "\n", "\r\n", "\n\n", "\t", " \n\t ", "\r", "\0", "\0\n");
        var jsonSpace = Gen.Elements("", " ", "\n", "\r\n", " \n\t ");
        var aValue = Gen.Zip(Gen.ListOf(aEvent, 1), Gen.Constant(false))
            .Or(Gen.Choose(0, 5).SelectMany(count => Gen.Zip(Gen.ListOf(aEvent, count), Gen.Constant(true))));
        var bodies = Gen.Choose(1, 8).SelectMany(count => Gen.Zip(Gen.ListOf(Gen.Zip(aValue, Gen.Zip(space, jsonSpace)), count), space));
        string? failure = null;
        var property = Prop.ForAll(Arb.From(bodies), body =>
        {
            StringBuilder text = new(body.Item2);
            List<string> all = [];
            foreach (var ((elements, isArray), (after, inside)) in body.Item1)
            {
                all.AddRange(elements);
                text.Append(isArray ? $"[{inside}{string.Join($"{inside},{inside}", elements)}{inside}]" : elements.Single()).Append(after);
            }

            // NULs are understood behind a value only.
            var several = text.ToString().TrimStart('\0', '\n', ' ', '\t', '\r');
            if (several.Length == 0)
                return true;

            var parsed = _parser.Parse(Utf8(several));
            var array = _parser.Parse(Utf8($"[{string.Join(',', all)}]"));
            if (parsed.Rejected.Count > 0 || !Described(parsed).SequenceEqual(Described(array)))
                failure = several;
            return failure is null;
        });
        var config = Config.Quick.WithQuietOnSuccess(true).WithMaxTest(400)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20_161_213), FSharpOption<int>.None)));

        await Task.Factory.StartNew(() => Check.One(config, property), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        failure.Should().BeNull();

        static IEnumerable<string> Described(ParsedBody parsed) =>
            parsed.Events.Select(e => $"{e.GetType().Name} {(e as MediaStatsEvent)?.Part} {e.Json}");
    }

    [Fact]
    public void Lines_that_are_damaged_at_random_keep_the_events_of_all_others()
    {
        Random random = new(9);
        string[] events = [.. Records.Select(name => JsonNode.Parse(Json(name))!.ToJsonString())];
        for (var round = 0; round < 2_000; round++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(3, 9)).Select(_ => events[random.Next(events.Length)])];
            var damaged = random.Next(1, lines.Length);
            var line = lines[damaged];
            var place = random.Next(1, line.Length);
            var broken = random.Next(3) switch
            {
                0 => line[..place],
                1 => line[place..],
                _ => line.Remove(place, 1),
            };
            string[] damagedLines = [.. lines];
            damagedLines[damaged] = broken;

            var parsed = Parse(string.Join("\n", damagedLines));

            var before = _parser.Parse(Utf8(string.Join("\n", lines.Take(damaged)))).Events.Select(e => e.Json.ToString()).ToList();
            var after = _parser.Parse(Utf8(string.Join("\n", lines.Skip(damaged + 1)))).Events.Select(e => e.Json.ToString()).ToList();
            Texts(parsed).Take(before.Count).Should().Equal(before, $"round {round}");
            if (damaged < lines.Length - 1)
                Texts(parsed).TakeLast(after.Count).Should().Equal(after, $"round {round}: {broken}");
        }
    }

    private static string Fill(string format) => format
        .Replace("{0}", First, StringComparison.Ordinal)
        .Replace("{1}", Second, StringComparison.Ordinal)
        .Replace("{2}", Third, StringComparison.Ordinal)
        .Replace("{3}", Cut, StringComparison.Ordinal);

    private static IEnumerable<string> Texts(ParsedBody parsed) => parsed.Events.Select(e => e.Json.ToString());

    private ParsedBody Parse(string json)
    {
        var utf8 = Utf8(json);
        var parsed = _parser.Parse(utf8);
        ParsedBodies.ShouldAccountForEveryByte(utf8, parsed);
        return parsed;
    }
}
