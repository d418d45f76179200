using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace JanusEvents.RabbitMq.Connections;

/// <summary>A queue that the library declares: durable and replicated (a quorum queue).</summary>
internal sealed class QueueDefinition(string name)
{
    private const string DeliveryLimitArgument = "x-delivery-limit";
    private const ushort NotFound = 404;
    private const ushort AccessRefused = 403;
    private const ushort PreconditionFailed = 406;

    public string Name => name;

    /// <summary>Whether one consumer at a time gets its messages, so that their order stays.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>The queue that gets its dead letters; null where it has none.</summary>
    public string? DeadLetters { get; init; }

    /// <summary>After how many returns a message becomes a dead letter; null is never.</summary>
    public int? DeliveryLimit { get; init; }

    /// <summary>Finds the queue, or declares it.</summary>
    /// <param name="connection">The connection. Each question has a channel of its own, since a refusal closes it.</param>
    /// <param name="declare">Whether it may be declared.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How the existing queue differs from this one; null when it does not, or nobody asked.</returns>
    /// <exception cref="BrokerException">It is missing and may not be declared.</exception>
    public async Task<string?> EnsureAsync(IConnection connection, bool declare, CancellationToken cancellationToken)
    {
        bool exists = await ExistsAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!exists && !declare)
            throw new BrokerException($"Queue {name} does not exist. Declare it, or set Declare to true.");
        if (!declare)
            return null;

        IChannel channel = await connection.CreateChannelAsync(null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueDeclareAsync(
                    name, durable: true, exclusive: false, autoDelete: false, ArgumentsFor(connection), passive: false, noWait: false, cancellationToken)
                    .ConfigureAwait(false);
                return null;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == PreconditionFailed)
            {
                // Versions differ in what they have by default there.
                return e.ShutdownReason.ReplyText.Contains($"'{DeliveryLimitArgument}'", StringComparison.Ordinal) ? null : e.ShutdownReason.ReplyText;
            }
            catch (OperationInterruptedException e) when (exists && e.ShutdownReason?.ReplyCode == AccessRefused)
            {
                return null; // It was made by somebody who may.
            }
        }
    }

    private async Task<bool> ExistsAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueDeclarePassiveAsync(name, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
            {
                return false;
            }
        }
    }

    private Dictionary<string, object?> ArgumentsFor(IConnection connection)
    {
        Dictionary<string, object?> arguments = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
        if (IsOrdered)
            arguments["x-single-active-consumer"] = true;
        if (DeadLetters is not null)
        {
            // Dead letters wait in their queue until the other one has them, instead of being dropped on the way.
            arguments["x-dead-letter-exchange"] = "";
            arguments["x-dead-letter-routing-key"] = DeadLetters;
            arguments["x-dead-letter-strategy"] = "at-least-once";
            arguments["x-overflow"] = "reject-publish";
        }

        // RabbitMQ 4 drops a message after 20 returns by default; RabbitMQ 3 has no value for "never".
        if (DeliveryLimit is { } limit)
            arguments[DeliveryLimitArgument] = limit;
        else if (MajorVersionOf(connection) >= 4)
            arguments[DeliveryLimitArgument] = -1;
        return arguments;
    }

    private static int MajorVersionOf(IConnection connection) =>
        connection.ServerProperties is { } properties
        && properties.TryGetValue("version", out object? found)
        && found is byte[] version
        && int.TryParse(Encoding.ASCII.GetString(version).Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? major
            : 0;
}
