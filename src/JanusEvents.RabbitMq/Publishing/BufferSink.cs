using System.Text.RegularExpressions;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;
using JanusEvents.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JanusEvents.RabbitMq.Publishing;

/// <summary>
/// Publishes bodies to the queues of a buffer. A body counts as stored once the broker has confirmed it: a majority of the nodes has it
/// on disk then. One body of each server is on its way at a time, which keeps their order; those of several servers go beside each
/// other.
/// </summary>
internal sealed partial class BufferSink : IEventSink, IDisposable
{
    // A node that hangs is replaced well within the time in which Janus gets its answer.
    private static readonly TimeSpan s_timeToConfirm = TimeSpan.FromSeconds(5);

    // A leader that has just died refuses for a moment; a node that cannot reach the new one refuses on.
    private const int FailuresOfNode = 2;

    private const ushort PreconditionFailed = 406;

    private readonly RabbitMqBufferOptions _options;
    private readonly BufferTopology _topology;
    private readonly BrokerState _state;
    private readonly BrokerConnection _connection;
    private readonly TimeProvider _time;
    private readonly ContainedLogger<BufferSink> _logger;
    private readonly SemaphoreSlim _opening = new(1);
    private OpenChannel? _open;
    private int _limit;
    private int _failuresInTurn;

    public BufferSink(
        IOptions<RabbitMqBufferOptions> options,
        [FromKeyedServices(BrokerState.OfBuffer)] BrokerState state,
        [FromKeyedServices(BrokerState.OfBuffer)] BrokerConnection connection,
        TimeProvider time,
        ContainedLogger<BufferSink> logger)
    {
        _options = options.Value;
        _topology = new BufferTopology(_options);
        _state = state;
        _connection = connection;
        _time = time;
        _logger = logger;
        _limit = _options.MaxMessageBytes;
    }

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        List<Task<Outcome>> servers =
        [
            .. batch.Bodies.GroupBy(EmitterOf, StringComparer.Ordinal).Select(bodies => PublishAsync(bodies.Key, [.. bodies], cancellationToken)),
        ];
        Outcome[] outcomes = await Task.WhenAll(servers).ConfigureAwait(false);
        List<ReceivedBody> left = [.. outcomes.SelectMany(outcome => outcome.Left)];
        if (outcomes.FirstOrDefault(outcome => outcome.Failure is not null)?.Failure is not { } failure)
            return;

        cancellationToken.ThrowIfCancellationRequested();
        throw left.Count == batch.Bodies.Count ? new BrokerException(failure.Message, failure) : new PartlyStoredException(left, failure);
    }

    public void Dispose() => _opening.Dispose();

    private static string? EmitterOf(ReceivedBody body) => body.Events.Count > 0 ? body.Events[0].Emitter : null;

    /// <summary>Publishes the bodies of one server, one after the other, until one fails.</summary>
    private async Task<Outcome> PublishAsync(string? emitter, ReceivedBody[] bodies, CancellationToken cancellationToken)
    {
        string key = BufferTopology.KeyOf(_topology.PartitionOf(emitter));
        for (int i = 0; i < bodies.Length; i++)
        {
            try
            {
                await PublishAsync(bodies[i], emitter, key, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it is, this body and those after it are not stored.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return new Outcome(bodies[i..], e);
            }
        }

        return new Outcome([], null);
    }

    private async Task PublishAsync(ReceivedBody body, string? emitter, string key, CancellationToken cancellationToken)
    {
        while (true)
        {
            int limit = Volatile.Read(ref _limit);
            IReadOnlyList<BufferMessage> messages = BodyDivision.Of(body, limit);
            try
            {
                foreach (BufferMessage message in messages)
                    await PublishAsync(message, message.Properties(body, emitter), key, cancellationToken).ConfigureAwait(false);
                if (messages.Count > 1 || messages[0].Element is not null)
                    RabbitMqLog.Divided(_logger, body.Json.Length, body.RemoteAddress, limit, messages.Count);
                return;
            }
            catch (MessageTooLargeException)
            {
                // Divided again, by the limit that the broker has.
            }
        }
    }

    private async Task PublishAsync(BufferMessage message, BasicProperties properties, string key, CancellationToken cancellationToken)
    {
        OpenChannel open = await OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Task published = open.Channel.BasicPublishAsync(_topology.Exchange, key, mandatory: true, properties, message.Bytes, cancellationToken).AsTask();
            await ConfirmAsync(published, cancellationToken).ConfigureAwait(false);
            _failuresInTurn = 0;
        }
        catch (PublishReturnException e)
        {
            // The broker acknowledges it nevertheless: it has dropped it, as it was told that it may.
            _state.PublishFailed();
            await DropAsync(open, e, ofConnection: false).ConfigureAwait(false);
            throw new BrokerException(
                $"No queue is bound to exchange {e.Exchange} with key {e.RoutingKey} ({e.ReplyCode} {e.ReplyText}). "
                + "Set Declare to true, or bind one queue for each partition.", e);
        }
        catch (Exception) when (TooLargeFor(open, message))
        {
            await DropAsync(open, null, ofConnection: false).ConfigureAwait(false);
            throw new MessageTooLargeException();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _state.PublishFailed();
            bool ofNode = e is TimeoutException || Interlocked.Increment(ref _failuresInTurn) >= FailuresOfNode;
            if (ofNode || !open.Channel.IsOpen)
                await DropAsync(open, e, ofNode).ConfigureAwait(false);
            throw e is PublishException ? new BrokerException("The broker refused a message (nack): the queue has no leader at present, or is full.", e) : e;
        }
    }

    /// <summary>Waits for the broker's confirm: as long as it holds publishers back, and otherwise not for long.</summary>
    private async Task ConfirmAsync(Task published, CancellationToken cancellationToken)
    {
        bool wasBlocked;
        do
        {
            wasBlocked = _state.Current.BlockedBy is not null;
            await published.WaitAsync(s_timeToConfirm, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (published.IsCompleted)
            {
                await published.ConfigureAwait(false);
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        while (wasBlocked || _state.Current.BlockedBy is not null);

        _ = published.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw new TimeoutException($"The broker has not confirmed a message within {s_timeToConfirm.TotalSeconds:0} s.");
    }

    private async ValueTask<OpenChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_open is { Channel.IsOpen: true } open)
            return open;

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_open is { Channel.IsOpen: true } meanwhile)
                return meanwhile;

            IConnection connection = await _connection.GetAsync(cancellationToken).ConfigureAwait(false);
            await _topology.EnsureAsync(
                connection, _state, (queue, difference) => RabbitMqLog.QueueDiffers(_logger, queue, difference), cancellationToken).ConfigureAwait(false);
            IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken)
                .ConfigureAwait(false);
            return _open = new OpenChannel(connection, channel);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Has the next message find or declare everything anew, by a connection to another node if this one's is to blame.</summary>
    private async ValueTask DropAsync(OpenChannel open, Exception? cause, bool ofConnection)
    {
        if (Interlocked.CompareExchange(ref _open, null, open) != open)
            return;

        if (ofConnection)
        {
            _failuresInTurn = 0;
            await _connection.DropAsync(open.Connection, cause?.Message ?? "").ConfigureAwait(false);
        }
        else
        {
            await open.Channel.CloseAsync(Constants.ReplySuccess, "", abort: true, CancellationToken.None)
                .WaitAsync(s_timeToConfirm, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether the broker closed the channel since this message was too large for it; its limit is learned then.</summary>
    private bool TooLargeFor(OpenChannel open, BufferMessage message)
    {
        if (open.Channel.CloseReason is not { ReplyCode: PreconditionFailed } reason
            || !int.TryParse(LimitOfBroker().Match(reason.ReplyText).Groups[1].Value, out int limit))
        {
            return false;
        }

        if (limit < Volatile.Read(ref _limit))
        {
            Volatile.Write(ref _limit, limit);
            RabbitMqLog.LimitOfBroker(_logger, limit, _options.MaxMessageBytes);
        }

        return message.Bytes.Length > limit;
    }

    [GeneratedRegex("message size [0-9]+.* is larger than (?:configured )?max size ([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex LimitOfBroker();

    private sealed record OpenChannel(IConnection Connection, IChannel Channel);

    /// <summary>What became of the bodies of a server.</summary>
    /// <param name="Left">Those that are not stored.</param>
    /// <param name="Failure">Why.</param>
    private sealed record Outcome(ReceivedBody[] Left, Exception? Failure);

    private sealed class MessageTooLargeException : Exception;
}
