using System.Text.Json;
using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Views;

namespace JanusEvents.Dashboard.Tests;

/// <summary>What a reader gets of a view: all at first, then what has changed, from which it can make the same again.</summary>
public sealed class ViewContentTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_sent_when_nothing_has_changed()
    {
        ViewFrame first = new(1, s_at, Content(("a", 1), ("b", 2)), null);
        ViewFrame second = new(2, s_at, Content(("a", 1), ("b", 2)), first);

        first.For(null).Should().NotBeNull();
        second.For(1).Should().BeNull();
    }

    [Fact]
    public void Only_rows_and_values_that_have_changed_are_sent()
    {
        ViewFrame first = new(1, s_at, Content(("a", 1), ("b", 2)), null);
        ViewFrame second = new(2, s_at, Content(("a", 1), ("b", 3)), first);

        JsonNode sections = JsonNode.Parse(second.For(1)!)!["sections"]!;

        sections["list"]!.AsObject().ContainsKey("order").Should().BeFalse();
        sections["list"]!["rows"]!.ToJsonString().Should().Be("""{"b":{"value":3}}""");
        sections["one"].Should().BeNull();
    }

    [Fact]
    public void A_row_that_is_gone_is_missing_from_the_order_and_a_new_one_is_whole()
    {
        ViewFrame first = new(1, s_at, Content(("a", 1), ("b", 2)), null);
        ViewFrame second = new(2, s_at, Content(("c", 5), ("b", 2)), first);

        JsonNode list = JsonNode.Parse(second.For(1)!)!["sections"]!["list"]!;

        list["order"]!.ToJsonString().Should().Be("""["c","b"]""");
        list["rows"]!.ToJsonString().Should().Be("""{"c":{"name":"c","value":5}}""");
    }

    [Fact]
    public void A_value_that_is_gone_is_null()
    {
        ViewContent before = new(), now = new();
        before.Add("one", new JsonObject { ["x"] = 1, ["y"] = 2 });
        now.Add("one", new JsonObject { ["x"] = 1 });

        JsonNode.Parse(new ViewFrame(2, s_at, now, new ViewFrame(1, s_at, before, null)).For(1)!)!["sections"]!.ToJsonString().Should().Be("""{"one":{"y":null}}""");
    }

    [Fact]
    public void A_reader_that_missed_a_frame_gets_everything()
    {
        ViewFrame first = new(1, s_at, Content(("a", 1)), null);
        ViewFrame second = new(2, s_at, Content(("a", 2)), first);
        ViewFrame third = new(3, s_at, Content(("a", 3)), second);

        JsonDocument.Parse(third.For(1)!).RootElement.GetProperty("full").GetBoolean().Should().BeTrue();
        JsonDocument.Parse(third.For(2)!).RootElement.GetProperty("full").GetBoolean().Should().BeFalse();
    }

    private static ViewContent Content(params (string Id, int Value)[] rows)
    {
        ViewContent content = new();
        content.Add("one", new JsonObject { ["x"] = 1 });
        content.Add("list", rows.Select(row => (row.Id, new JsonObject { ["name"] = row.Id, ["value"] = row.Value })), more: 0);
        return content;
    }
}
