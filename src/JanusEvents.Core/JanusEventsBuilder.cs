using System.Diagnostics.CodeAnalysis;
using JanusEvents.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JanusEvents;

/// <summary>Says where events go: what <c>services.AddJanusEvents()</c> returns.</summary>
public sealed class JanusEventsBuilder
{
    internal JanusEventsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a sink of one's own, which is made once and gets every event.</summary>
    /// <typeparam name="TSink">The sink. Its constructor's parameters come from the services.</typeparam>
    /// <param name="required">
    /// True when an event counts as stored only once this sink has it: a failure holds up the answer to the sender. False
    /// for a sink that may miss events: it has a bounded queue of its own and delays nobody.
    /// </param>
    /// <returns>The same builder.</returns>
    public JanusEventsBuilder AddSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        bool required = true)
        where TSink : class, IEventSink
    {
        Services.TryAddSingleton<TSink>();
        return Register(typeof(TSink).Name, services => services.GetRequiredService<TSink>(), required);
    }

    /// <summary>Adds a sink that exists already.</summary>
    /// <param name="sink">The sink, which gets every event. It is not disposed.</param>
    /// <param name="required">As for <see cref="AddSink{TSink}(bool)"/>.</param>
    /// <returns>The same builder.</returns>
    public JanusEventsBuilder AddSink(IEventSink sink, bool required = true)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Register(sink.GetType().Name, _ => sink, required);
    }

    /// <summary>Adds a sink that a factory makes, once; it is disposed with the services.</summary>
    internal JanusEventsBuilder AddSink(string name, Func<IServiceProvider, IEventSink> make)
    {
        object key = new();
        Services.AddKeyedSingleton(key, (services, _) => make(services));
        return Register(name, services => services.GetRequiredKeyedService<IEventSink>(key), required: true);
    }

    private JanusEventsBuilder Register(string name, Func<IServiceProvider, IEventSink> resolve, bool required)
    {
        Services.AddSingleton(new SinkRegistration(name, resolve, required));
        return this;
    }
}
