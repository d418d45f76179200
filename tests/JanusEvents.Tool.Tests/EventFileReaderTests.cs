using System.Text;
using JanusEvents.Tool.EventFiles;

namespace JanusEvents.Tool.Tests;

/// <summary>How a file is split into events and bodies, and what a broken part of it costs.</summary>
public sealed class EventFileReaderTests
{
    private const int MostElementsOfABody = 10_000;

    [Fact]
    public async Task Objects_are_events_and_arrays_are_bodies_byte_for_byte()
    {
        (await ReadAsync("{\"a\": 1.50 }\r\n\n[ {\"b\":\"\\u00e9 } ]\"} ,{}]{\"c\":2}\n")).Should().Equal(
            "1 Event {\"a\": 1.50 }", "3 Body [ {\"b\":\"\\u00e9 } ]\"} ,{}]", "3 Event {\"c\":2}");
    }

    [Fact]
    public async Task A_broken_line_costs_only_itself()
    {
        (await ReadAsync("{\"a\":1}\n{\"b\":\"cut\n{\"c\":[\nnonsense\n{\"d\":1}\n")).Should().Equal(
            "1 Event {\"a\":1}",
            "2 Invalid The line ends inside the JSON.",
            "3 Invalid The line ends inside the JSON.",
            "4 Invalid It is neither a JSON object nor a JSON array.",
            "5 Event {\"d\":1}");
    }

    [Fact]
    public async Task A_first_line_that_is_cut_costs_only_itself()
    {
        (await ReadAsync("{\"a\":1\n{\"b\":1}\n{\"c\":1}\n")).Should().Equal(
            "1 Invalid The line ends inside the JSON.", "2 Event {\"b\":1}", "3 Event {\"c\":1}");
    }

    // A Utf8JsonReader ends at each of these and does not find the end of the element.
    [Theory]
    [InlineData("[{\"a\":1},{\"b\":tru},{\"c\":1}]\n{\"d\":1}")]
    [InlineData("[{\"a\":1},{\"b\"},{\"c\":1}]\n{\"d\":1}")]
    [InlineData("[{\"a\":1},{\"b\":\"\t\"},{\"c\":1}]\n{\"d\":1}")]
    [InlineData("[{\"a\":1}{\"b\":2},{\"c\":1}]\n{\"d\":1}")]
    public async Task A_body_with_a_broken_element_is_one_whole_body_and_what_follows_is_read(string text)
    {
        string[] lines = text.Split('\n');

        (await ReadAsync(text)).Should().Equal($"1 Body {lines[0]}", $"2 Event {lines[1]}");
    }

    [Fact]
    public async Task A_broken_element_of_an_indented_body_leaves_the_body_whole_too()
    {
        const string Body = "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": tru\n  },\n  {\n    \"c\": 1\n  }\n]";

        (await ReadAsync(Body + "\n{\n  \"d\": 1\n}\n")).Should().Equal($"1 Body {Body}", "12 Event {\n  \"d\": 1\n}");
    }

    [Fact]
    public async Task A_broken_element_of_an_array_longer_than_a_body_costs_only_itself()
    {
        string[] elements = [.. Enumerable.Range(0, MostElementsOfABody + 1).Select(i => $"{{\"n\":{i}}}")];
        elements[5] = "{\"n\":tru}";
        elements[7] = "nonsense";

        IReadOnlyList<string> read = await ReadAsync($"[{string.Join(',', elements)}]\n{{\"last\":1}}\n");

        read.Should().Equal(
        [
            .. elements.Select((element, i) => i == 7 ? "1 Invalid It is neither a JSON object nor a JSON array." : $"1 Event {element}"),
            "2 Event {\"last\":1}",
        ]);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":", "2 Invalid The file ends inside the JSON.")]
    [InlineData("{\"a\":1}\n[{\"b\":1}", "2 Invalid The file ends inside the JSON.")]
    public async Task A_file_that_is_cut_keeps_what_is_before(string text, string last)
    {
        (await ReadAsync(text)).Should().Equal("1 Event {\"a\":1}", last);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task However_few_bytes_a_read_returns_the_elements_are_the_same(int bytes)
    {
        const string Text = "\uFEFF{\"a\":\"é\\\"\"}\n[{\"b\":1},\n{\"c\":[]}]\n\n{\"d\":\"x\n{\"e\":1}";

        (await ReadAsync(Text, bytes)).Should().Equal(await ReadAsync(Text));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string text, int bytesPerRead = int.MaxValue)
    {
        List<string> elements = [];
        await using SlowStream stream = new(Encoding.UTF8.GetBytes(text), bytesPerRead);
        await foreach (FileElement element in new EventFileReader(stream).ReadAsync(CancellationToken.None))
            elements.Add($"{element.Line} {element.Kind} {element.Problem}{Encoding.UTF8.GetString(element.Json)}");
        return elements;
    }

    private sealed class SlowStream(byte[] bytes, int bytesPerRead) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, bytesPerRead)], cancellationToken);
    }
}
