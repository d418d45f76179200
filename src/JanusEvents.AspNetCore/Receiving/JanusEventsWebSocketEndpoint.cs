using System.Net.WebSockets;
using JanusEvents.AspNetCore.Content;
using JanusEvents.AspNetCore.Requests;
using JanusEvents.AspNetCore.Settings;
using JanusEvents.AspNetCore.Status;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Receiving;

/// <summary>
/// Receives what Janus sends by a WebSocket. Nothing is acknowledged there, and what was read exists nowhere else: it is
/// tried again until it is stored, and meanwhile no more is read than a few messages, so that the rest stays in Janus.
/// A handshake that is refused costs nothing: Janus keeps its events and reconnects indefinitely.
/// </summary>
internal sealed class JanusEventsWebSocketEndpoint(
    WebSocketSettings settings,
    PageBeside page,
    ByteBudget budget,
    JanusEventParser parser,
    RepeatedDelivery delivery,
    DeliveryMetrics metrics,
    IOptions<HostOptions> hostOptions,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ContainedLogger<JanusEventsWebSocketEndpoint> logger)
{
    // Leaves something of the host's time to stop to those that stop after its connections.
    private readonly TimeSpan _timeToStore = hostOptions.Value.ShutdownTimeout is { Ticks: > 0 } limit ? limit * 0.75 : Timeout.InfiniteTimeSpan;

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest && await page.TryShowAsync(context).ConfigureAwait(false))
            return;

        string? remoteAddress = RemoteAddress.Of(context);
        if (Refuse(context.WebSockets) is { } refusal)
        {
            metrics.Refused(refusal.Status);
            ReceivingLog.HandshakeRefused(logger, remoteAddress, refusal.Status, refusal.Detail);
            await ProblemAnswer.WriteAsync(context.Response, refusal).ConfigureAwait(false);
            return;
        }

        ServerLimits.Lift(context.Features);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = settings.SubProtocol ?? context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(),

            // Without a limit for the answer to it: while nothing is read, no answer is seen.
            KeepAliveInterval = settings.KeepAliveInterval,
        }).ConfigureAwait(false);
        ReceivingLog.WebSocketOpened(logger, remoteAddress);

        // The request's own cancellation has no say: what was read is stored, even if its sender is gone.
        using CancellationTokenSource giveUp = new(Timeout.InfiniteTimeSpan, time);
        using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.Register(() => giveUp.CancelAfter(_timeToStore));
        using CancellationTokenRegistration stopped = lifetime.ApplicationStopped.Register(giveUp.Cancel);
        await ReceiveAsync(socket, remoteAddress, giveUp.Token).ConfigureAwait(false);
    }

    private Refusal? Refuse(WebSocketManager handshake) =>
        !handshake.IsWebSocketRequest ? Refusal.NoWebSocket
        : settings.SubProtocol is { } wanted && !handshake.WebSocketRequestedProtocols.Contains(wanted) ? Refusal.SubProtocol(wanted)
        : null;

    /// <summary>Reads messages until there are no more, and returns when all are stored or given up.</summary>
    private async Task ReceiveAsync(WebSocket socket, string? remoteAddress, CancellationToken giveUp)
    {
        using SemaphoreSlim places = new(settings.MaxMessagesInFlight);
        using MessageReader reader = new(socket, settings.MaxMessageBytes, time, giveUp);
        long messages = 0;
        try
        {
            // Asked to close while the host still reads, Janus loses nothing of what it has sent; it reconnects after a second.
            using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.Register(() =>
            {
                reader.ExpectEnd();
                _ = CloseAsync(socket, WebSocketCloseStatus.EndpointUnavailable);
            });
            while (await TryReadAsync().ConfigureAwait(false))
                messages++;

            await CloseAsync(socket, WebSocketCloseStatus.NormalClosure).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, what was read before is still to be stored.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ReceivingLog.WebSocketFailed(logger, e, remoteAddress);
            socket.Abort();
        }

        for (int i = 0; i < settings.MaxMessagesInFlight; i++)
            await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        ReceivingLog.WebSocketEnded(logger, remoteAddress, messages, reader.End ?? "the host ends");

        async ValueTask<bool> TryReadAsync()
        {
            await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            ByteReservation memory = budget.Open();
            bool begun = false;
            try
            {
                // The place may be free because the message in it was given up.
                if (giveUp.IsCancellationRequested || await reader.ReadAsync(memory).ConfigureAwait(false) is not { } message)
                    return false;

                if (message.Cut is not null)
                    ReceivingLog.MessageCut(logger, remoteAddress, message.Bytes.Length, message.Cut);
                ReceivedBody body = new(message.Bytes, parser.Parse(message.Bytes), time.GetUtcNow(), remoteAddress);
                begun = true;
                memory.Settle();
                _ = DeliverAsync(body, memory, places, giveUp);
                return true;
            }
            finally
            {
                if (!begun)
                {
                    memory.Dispose();
                    places.Release();
                }
            }
        }
    }

    /// <summary>Delivers a message; never throws. Messages are stored in the order in which this is called.</summary>
    private async Task DeliverAsync(ReceivedBody body, ByteReservation memory, SemaphoreSlim places, CancellationToken giveUp)
    {
        try
        {
            if (await delivery.DeliverAsync(body, e => ReceivingLog.MessageNotTaken(logger, e, body.RemoteAddress, body.Json.Length), giveUp).ConfigureAwait(false))
            {
                ReceivingLog.RejectedElements(logger, body);
                return;
            }

            metrics.Lost(body.Events.Count);
            ReceivingLog.MessageLost(logger, body.RemoteAddress, body.Json.Length, body.Events.Count);
        }
        finally
        {
            memory.Dispose();
            places.Release();
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException or OperationCanceledException)
        {
            // Closed meanwhile, or gone.
        }
    }
}
