using JanusEvents.RabbitMq.Settings;
using RabbitMQ.Client;

namespace JanusEvents;

/// <summary>How a part of the library connects to RabbitMQ.</summary>
public abstract class RabbitMqConnectionOptions
{
    private protected RabbitMqConnectionOptions()
    {
    }

    /// <summary>
    /// The address of the broker, required: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for TLS. The nodes of a
    /// cluster are separated by commas: <c>amqp://user:password@rabbit-1,rabbit-2:5673,rabbit-3/vhost</c>. Special characters of
    /// the user name, the password and the virtual host are percent-encoded.
    /// </summary>
    [BrokerUri]
    public string? Uri { get; set; }

    /// <summary>
    /// Changes how the client connects, such as its certificates (<c>factory.Ssl</c>); null, the default, changes nothing. Called
    /// once, when the host starts. Recovery by the client stays off: the library connects again by itself.
    /// </summary>
    public Action<ConnectionFactory>? ConfigureConnection { get; set; }
}
