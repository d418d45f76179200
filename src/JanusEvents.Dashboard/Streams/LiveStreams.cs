using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using JanusEvents.Dashboard.Calls;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Dashboard.Views;

namespace JanusEvents.Dashboard.Streams;

/// <summary>The messages of the page's streams. A reader that does not keep up gets the newest state, and nothing is queued for it.</summary>
internal sealed class LiveStreams(IJanusMonitor monitor, LiveViews views, CallReader calls, IJanusEventFeed feed, TimeProvider time)
{
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <summary>A view as it changes.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(ViewKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? last = null;
        DateTimeOffset sentAt = time.GetUtcNow();
        await foreach (MonitorSnapshot snapshot in monitor.WatchAsync(LiveViews.PartsOf(key.View), cancellationToken).ConfigureAwait(false))
        {
            ViewFrame frame = views.FrameOf(key, snapshot);
            if (frame.Sequence == last)
                continue;
            string? text = frame.For(last);
            last = frame.Sequence;
            if (text is not null)
                yield return new SseItem<string>(text, "view");
            else if (time.GetUtcNow() - sentAt >= s_ping)
                yield return Ping();
            else
                continue;
            sentAt = time.GetUtcNow();
        }
    }

    /// <summary>A call as it changes, until it has ended, and what it was then.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchCallAsync(CallKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CallEvents events = CallEvents.Begin(feed, key, cancellationToken);
        await using ConfiguredAsyncDisposable ending = events.ConfigureAwait(false);
        Call? call = await calls.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        long sequence = 0;
        if (call is not null)
        {
            yield return new SseItem<string>(calls.TextOf(call), "view");
            ViewContent content = calls.ContentOf(call);
            while (call.Live is not null)
            {
                await Task.Delay(s_second, time, cancellationToken).ConfigureAwait(false);
                foreach (JanusEvent e in events.Take())
                    call.Story.Add(e);
                if (calls.ReadAgain(call) is not { } next)
                    break;
                call = next;
                if (call.Live is { MeasuredAt: { } measured })
                    call.Story.CloseBefore(measured);
                ViewContent now = calls.ContentOf(call);
                bool hasChanges = false;
                CallStory story = call.Story;
                ViewContent before = content;
                string text = ViewFrame.Text(++sequence + 1, time.GetUtcNow(), isFull: false, writer =>
                {
                    hasChanges = now.WriteChanges(writer, before) | story.HasNew;
                    story.Write(writer, all: false);
                });
                content = now;
                if (hasChanges)
                    yield return new SseItem<string>(text, "view");
            }

            // Its record is written a moment after its end.
            if (call.Live is not null)
            {
                for (int i = 0; i < 20 && (call is null || call.Live is not null); i++)
                {
                    await Task.Delay(s_second, time, cancellationToken).ConfigureAwait(false);
                    call = await calls.ReadAsync(key with { Number = call?.Record.Number ?? key.Number }, cancellationToken).ConfigureAwait(false) ?? call;
                }

                if (call is not null)
                    yield return new SseItem<string>(calls.TextOf(call), "view");
            }
        }

        while (true)
        {
            await Task.Delay(s_ping, time, cancellationToken).ConfigureAwait(false);
            yield return Ping();
        }
    }

    private SseItem<string> Ping() => new(RowText.Of(time.GetUtcNow()), "ping");
}
