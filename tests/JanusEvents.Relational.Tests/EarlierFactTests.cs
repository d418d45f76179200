using JanusEvents.Relational.Tests.Hosting;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;
using static JanusEvents.Relational.Tests.Hosting.RoomEvents;

namespace JanusEvents.Relational.Tests;

/// <summary>What an event leaves out, and an earlier one of the same handle said.</summary>
public abstract class EarlierFactTests(TestStores stores) : StoreTests(stores)
{
    private const string Subscriptions =
        "SELECT room, handle, participant, display, publisher, began, ended FROM subscriptions ORDER BY began, publisher";

    [Fact]
    public async Task A_subscriber_that_switches_is_still_the_participant_that_subscribed()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "10", 1, ",\"private_id\":100,\"display\":\"P1\""),
            VideoRoom(1.1, "joined", "1", "11", 2, ",\"private_id\":101,\"display\":\"P2\""),
            VideoRoom(1.2, "joined", "1", "12", 3, ",\"private_id\":102,\"display\":\"Sub\""),
            VideoRoom(2, "subscribing", "1", null, 30, ",\"feed\":10,\"private_id\":102"),
            VideoRoom(2.1, "subscribed", "1", null, 30, ",\"feed\":10"),
            VideoRoom(3, "switched", "1", null, 30, ",\"feed\":11"),
            VideoRoom(4, "switched", "1", null, 30, ",\"feed\":10"),
            VideoRoom(5, "leaving", "1", "10"));

        await ShouldBeAsync(
            Subscriptions,
            "1 | 30 | 12 | Sub | 10 | 2 | 3",
            "1 | 30 | 12 | Sub | 11 | 3 | 4",
            "1 | 30 | 12 | Sub | 10 | 4 | 5");
    }

    [Fact]
    public async Task A_handle_that_subscribes_anew_for_another_participant_is_that_ones_from_then_on()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "12", 3, ",\"private_id\":102,\"display\":\"Sub\""),
            VideoRoom(1, "joined", "2", "13", 4, ",\"private_id\":103,\"display\":\"Other\""),
            VideoRoom(2, "subscribing", "1", null, 30, ",\"feed\":10,\"private_id\":102"),
            VideoRoom(3, "unsubscribed", "1", null, 30, ",\"feed\":10"),
            VideoRoom(4, "subscribing", "2", null, 30, ",\"feed\":20,\"private_id\":103"),
            VideoRoom(5, "switched", "2", null, 30, ",\"feed\":21"),

            // A private id of 0 is that of nobody, and not the one before.
            VideoRoom(6, "unsubscribed", "2", null, 30, ",\"feed\":21"),
            VideoRoom(7, "subscribing", "2", null, 30, ",\"feed\":22,\"private_id\":0"),
            VideoRoom(8, "switched", "2", null, 30, ",\"feed\":23"));

        await ShouldBeAsync(
            Subscriptions,
            "1 | 30 | 12 | Sub | 10 | 2 | 3",
            "2 | 30 | 13 | Other | 20 | 4 | 5",
            "2 | 30 | 13 | Other | 21 | 5 | 6",
            "2 | 30 | - | - | 22 | 7 | 8",
            "2 | 30 | - | - | 23 | 8 | -");
    }

    [Fact]
    public async Task What_another_handle_or_server_said_is_not_taken()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "12", 3, ",\"private_id\":102,\"display\":\"Sub\""),
            VideoRoom(2, "subscribing", "1", null, 30, ",\"feed\":10,\"private_id\":102"),
            VideoRoom(3, "switched", "1", null, 31, ",\"feed\":11"),
            VideoRoom(4, "switched", "1", null, 30, ",\"feed\":11", emitter: "two"),
            VideoRoom(5, "switched", "1", null, 30, ",\"feed\":11", emitter: "one "));

        await ShouldBeAsync(
            Subscriptions,
            "1 | 30 | 12 | Sub | 10 | 2 | -",
            "1 | 31 | - | - | 11 | 3 | -",
            "1 | 30 | - | - | 11 | 4 | -",
            "1 | 30 | - | - | 11 | 5 | -");
    }

    [Fact]
    public async Task A_subscription_whose_beginning_was_lost_is_there_as_far_as_it_is_known()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "12", 3, ",\"private_id\":102,\"display\":\"Sub\""),
            VideoRoom(2, "subscribed", "1", null, 30, ",\"feed\":10"),
            VideoRoom(3, "updated", "1", null, 31, ",\"private_id\":102,\"streams\":[{\"feed_id\":10},{\"feed_id\":11}]"),
            VideoRoom(4, "updated", "1", null, 31, ",\"private_id\":102,\"streams\":[{\"feed_id\":11}]"),
            VideoRoom(5, "destroyed", "1"));

        await ShouldBeAsync(
            Subscriptions,
            "1 | 30 | - | - | 10 | 2 | 5",
            "1 | 31 | 12 | Sub | 10 | 3 | 4",
            "1 | 31 | 12 | Sub | 11 | 3 | 5");
    }

    [Fact]
    public async Task A_room_that_an_update_does_not_repeat_is_that_of_the_handle()
    {
        // As Janus 1.x reports a room whose id is a text once somebody has switched.
        await StoreAsync(
            VideoRoom(1, "joined", "\"attic\"", "\"ann\"", 3, ",\"private_id\":102,\"display\":\"Ann\""),
            VideoRoom(2, "subscribing", "\"attic\"", null, 30, ",\"private_id\":102,\"streams\":[{\"feed_id\":\"ben\"}]"),
            VideoRoom(3, "subscribed", "0", null, 30),
            VideoRoom(4, "switched", "0", null, 30),
            VideoRoom(5, "updated", "0", null, 30, ",\"private_id\":102,\"streams\":[{\"feed_id\":\"ben\"},{\"feed_id\":\"carl\"},{\"feed_id\":\"dora\"}]"),
            VideoRoom(6, "unpublished", "\"cellar\"", "\"carl\""),
            VideoRoom(7, "unpublished", "\"attic\"", "\"carl\""),
            VideoRoom(8, "destroyed", "\"attic\""));

        await ShouldBeAsync(
            Subscriptions.Replace("ORDER", "WHERE room = 'attic' ORDER", StringComparison.Ordinal),
            "attic | 30 | ann | Ann | ben | 2 | 8",
            "attic | 30 | ann | Ann | carl | 5 | 7",
            "attic | 30 | ann | Ann | dora | 5 | 8");
    }

    [Fact]
    public async Task A_publisher_has_the_name_that_it_joined_with()
    {
        await StoreAsync(
            VideoRoom(1, "joined", "1", "10", 1, ",\"display\":\"Ann\""),
            VideoRoom(1, "joined", "1", "11", 2),
            VideoRoom(1, "joined", "2", "12", 3, ",\"display\":\"Elsewhere\""),
            VideoRoom(2, "published", "1", "10", 1, ",\"audio_codec\":\"opus\""),
            VideoRoom(2, "published", "1", "11", 2),
            VideoRoom(3, "joined", "1", "12", 3, ",\"display\":\"Carl\""),
            VideoRoom(4, "published", "1", "12", 3, ",\"display\":\"Carl the Great\""),
            VideoRoom(5, "unpublished", "1", "12"),
            VideoRoom(6, "published", "1", "12", 3),

            // Who joined only later had no name before.
            VideoRoom(7, "published", "1", "14", 4),
            VideoRoom(8, "joined", "1", "14", 4, ",\"display\":\"Late\""));

        await ShouldBeAsync(
            "SELECT room, participant, display, began, ended FROM publishers ORDER BY began, participant",
            "1 | 10 | Ann | 2 | -",
            "1 | 11 | - | 2 | -",
            "1 | 12 | Carl the Great | 4 | 5",
            "1 | 12 | Carl | 6 | -",
            "1 | 14 | - | 7 | -");
    }

    [Fact]
    public async Task A_viewer_whose_later_events_do_not_name_the_mountpoint_watches_the_same_one()
    {
        await StoreAsync(
            Plugin("streaming", 1, """{"status":"starting","id":7}""", 11),
            Plugin("streaming", 2, """{"status":"started"}""", 11),
            Plugin("streaming", 3, """{"status":"switching","id":8}""", 11),
            Plugin("streaming", 4, """{"status":"started"}""", 11),
            Plugin("streaming", 5, """{"status":"stopping"}""", 11),
            Plugin("streaming", 6, """{"status":"starting"}""", 12),
            Plugin("nosip", 7, """{"event":"generated","unique_id":"u1"}""", 13),
            Plugin("nosip", 8, """{"event":"processed"}""", 13));

        await ShouldBeAsync(
            "SELECT room, handle, began, ended FROM stays ORDER BY began",
            "7 | 11 | 1 | 3",
            "8 | 11 | 3 | 5",
            "- | 12 | 6 | -",
            "u1 | 13 | 7 | -");
        await ShouldBeAsync("SELECT call_id, handle, began, ended FROM calls ORDER BY began", "u1 | 13 | 7 | -");
    }

    [Fact]
    public async Task What_a_handle_said_is_known_to_another_host_and_in_whatever_order_it_came()
    {
        await StoreAsync(VideoRoom(3, "switched", "1", null, 30, ",\"feed\":11"));
        await StoreAsync(VideoRoom(2, "subscribing", "1", null, 30, ",\"feed\":10,\"private_id\":102"));
        await StoreAsync(VideoRoom(1, "joined", "1", "12", 3, ",\"private_id\":102,\"display\":\"Sub\""));

        await ShouldBeAsync(
            Subscriptions,
            "1 | 30 | 12 | Sub | 10 | 2 | 3",
            "1 | 30 | 12 | Sub | 11 | 3 | -");
    }

    private async Task StoreAsync(params string[] events)
    {
        await using var host = await StartHostAsync();
        var i = 0;
        await host.WriteAllAsync(events.Select(e => Bodies.OfText(new string(' ', i++) + e)), perBatch: 3);
    }

    /// <summary>Asks what was stored, and once more when all facts were made again.</summary>
    private async Task ShouldBeAsync(string sql, params string[] expected)
    {
        (await RowsAsync()).Should().Equal(expected);
        var facts = await FactsAsync();
        await Store.QueryAsync("DELETE FROM facts");
        await using var host = await StartHostAsync();
        await host.RoomFacts.RebuildAsync();
        (await FactsAsync()).Should().Equal(facts);
        (await RowsAsync()).Should().Equal(expected);

        async Task<List<string>> RowsAsync() => [.. (await Store.QueryAsync(sql)).Select(Text)];

        async Task<List<string>> FactsAsync() => [.. (await Store.QueryAsync("SELECT * FROM facts ORDER BY arrival, tablename, part")).Select(Text)];

        static string Text(string?[] row) => string.Join(" | ", row.Select(v => v is null ? "-" : SecondOf(v) ?? v));
    }
}
