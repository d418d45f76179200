using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>The live feed behind a page, as server-sent events.</summary>
public sealed class FeedTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [Fact]
    public async Task What_is_posted_comes_to_a_page_as_it_is_stored_and_the_page_does_not_hold_up_the_end_of_the_host()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents();
            app.MapGet("/live", (IJanusEventFeed feed, CancellationToken cancellationToken) =>
                TypedResults.ServerSentEvents(LiveAsync(feed, cancellationToken)));
        });
        using HttpClient http = new();
        await using Stream stream = await http.GetStreamAsync(new Uri(host.Address, "/live"));
        await using IAsyncEnumerator<SseItem<string>> page = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        (await NextAsync(page)).EventType.Should().Be("begin");

        using HttpResponseMessage answer = await host.PostAsync(EndpointHost.OneEvent);
        (await NextAsync(page)).Data.Should().Be(EndpointHost.OneEvent[1..^1]);

        await host.StopAsync().WaitAsync(s_limit);
        (await page.MoveNextAsync()).Should().BeFalse("it ended in order: what does not end by itself is aborted");
    }

    private static async IAsyncEnumerable<SseItem<string>> LiveAsync(
        IJanusEventFeed feed,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<JanusEvent> events = feed.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        yield return new SseItem<string>("", "begin");
        while (await events.MoveNextAsync())
            yield return new SseItem<string>(events.Current.Json.ToCompactString());
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> page)
    {
        (await page.MoveNextAsync().AsTask().WaitAsync(s_limit)).Should().BeTrue();
        return page.Current;
    }
}
