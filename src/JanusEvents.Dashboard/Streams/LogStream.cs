using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using JanusEvents.Dashboard.Calls;
using JanusEvents.Dashboard.Rows;
using JanusEvents.Events;

namespace JanusEvents.Dashboard.Streams;

/// <summary>
/// The events as they come, those that a reader asked for: filtered here, before anything is written, and at most a hundred a second.
/// </summary>
internal sealed class LogStream(IJanusEventFeed feed, RowTexts texts, TimeProvider time)
{
    private const int MostASecond = 100;
    private const int LongestJson = 16_384;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);

    /// <summary>The events that are stored from now on.</summary>
    /// <param name="types">The types that are wanted, as bits.</param>
    /// <param name="text">What an event must contain; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(int types, string? text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long missed = 0, number = 0;
        int inSecond = 0;
        DateTimeOffset second = time.GetUtcNow(), sentAt = second;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<JanusEvent> events = feed.ReadAsync(count => missed += count, end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> next = events.MoveNextAsync().AsTask();
        try
        {
            // The answer begins with its first message: a reader learns that it reads.
            yield return new SseItem<string>(RowText.Of(second), "ping");
            while (true)
            {
                if (!next.IsCompleted)
                    await Task.WhenAny(next, Task.Delay(s_second, time, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                DateTimeOffset now = time.GetUtcNow();
                if (now - second >= s_second)
                {
                    (second, inSecond) = (now, 0);
                    if (missed > 0)
                    {
                        yield return new SseItem<string>(new JsonObject { ["count"] = missed }.ToJsonString(), "missed");
                        (missed, sentAt) = (0, now);
                    }
                    else if (now - sentAt >= s_ping)
                    {
                        yield return new SseItem<string>(RowText.Of(now), "ping");
                        sentAt = now;
                    }
                }

                if (!next.IsCompleted)
                    continue;
                if (!await next.ConfigureAwait(false))
                    yield break;
                JanusEvent e = events.Current;
                next = events.MoveNextAsync().AsTask();
                if (!IsWanted(e, types, text))
                    continue;
                if (inSecond >= MostASecond)
                {
                    missed++;
                    continue;
                }

                inSecond++;
                sentAt = now;
                yield return new SseItem<string>(Row(e, ++number).ToJsonString(), "event");
            }
        }
        finally
        {
            // The enumeration is not to be disposed of while it moves.
            await end.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
            await events.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether a reader asked for an event.</summary>
    public static bool IsWanted(JanusEvent e, int types, string? text) =>
        ((int)e.Type & types) != 0 && e is not MediaStatsEvent { Part: > 0 }
        && (text is null || e.Json.ToString().Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>An event as a row.</summary>
    public JsonObject Row(JanusEvent e, long number)
    {
        string json = texts.Json(e);
        return new JsonObject
        {
            ["n"] = number,
            ["at"] = RowText.Of(e.Timestamp),
            ["emitter"] = texts.Short(e.Emitter),
            ["type"] = (int)e.Type,
            ["kind"] = EventKinds.Of(e).Name,
            ["session"] = RowText.Of(e.SessionId),
            ["handle"] = RowText.Of(e.HandleId),
            ["text"] = texts.Clean(EventWords.Of(e)),
            ["json"] = json.Length > LongestJson ? string.Concat(json.AsSpan(0, LongestJson), "…") : json,
        };
    }
}
