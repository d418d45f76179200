using System.Diagnostics.CodeAnalysis;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JanusEvents;

/// <summary>Adds sinks and handlers of events: the result of <c>services.AddJanusEvents()</c>.</summary>
public sealed class JanusEventsBuilder
{
    internal JanusEventsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a sink, which is created once.</summary>
    /// <typeparam name="TSink">The sink. Its constructor's parameters come from the services.</typeparam>
    /// <param name="configure">Sets its name, whether it is required, and which events it gets.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// The sink was added before, is registered as scoped or transient, or its name is taken.
    /// </exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        Action<EventSinkOptions>? configure = null)
        where TSink : class, IEventSink
    {
        ServiceDescriptor? known = Services.LastOrDefault(service => service.ServiceType == typeof(TSink) && !service.IsKeyedService);
        if (known is { Lifetime: not ServiceLifetime.Singleton })
        {
            throw new InvalidOperationException(
                $"{typeof(TSink).Name} is registered as {known.Lifetime}, but a sink is created once. Leave its registration to "
                + $"AddSink<{typeof(TSink).Name}>(), or use AddSingleton.");
        }

        Services.TryAddSingleton<TSink>();
        return Register(typeof(TSink).Name, typeof(TSink), services => services.GetRequiredService<TSink>(), configure);
    }

    /// <summary>Adds an existing sink.</summary>
    /// <param name="sink">The sink. It is not disposed.</param>
    /// <param name="configure">Sets its name, whether it is required, and which events it gets.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The sink was added before, or its name is taken.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink(IEventSink sink, Action<EventSinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Register(sink.GetType().Name, sink, _ => sink, configure);
    }

    /// <summary>Adds a sink that a factory creates, once. It is disposed with the services.</summary>
    /// <param name="factory">Creates the sink from the host's services.</param>
    /// <param name="configure">
    /// Sets its name (<c>factory</c> when null), whether it is required, and which events it gets.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink(Func<IServiceProvider, IEventSink> factory, Action<EventSinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        object key = new();
        Services.AddKeyedSingleton(key, (services, _) => factory(services));
        return Register("factory", key, services => services.GetRequiredKeyedService<IEventSink>(key), configure);
    }

    /// <summary>Adds a sink that is one function.</summary>
    /// <param name="write">Stores a batch, under the rules of <see cref="IEventSink.WriteAsync"/>.</param>
    /// <param name="configure">
    /// Sets its name (<c>delegate</c> when null), whether it is required, and which events it gets.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink(
        Func<EventBatch, CancellationToken, ValueTask> write,
        Action<EventSinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        DelegateSink sink = new(write);
        return Register("delegate", sink, _ => sink, configure);
    }

    /// <summary>Calls a function for every event of a kind.</summary>
    /// <typeparam name="TEvent">The kind: <see cref="DtlsEvent"/>, say, or <see cref="JanusEvent"/> for all.</typeparam>
    /// <param name="handle">The function. It is called for one event after the other, in the order of their arrival.</param>
    /// <param name="configure">Sets whether storing an event depends on it.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// All best-effort handlers are called one at a time, for each event in the order in which they were added; so are the
    /// required ones, before them. The same event may be passed again after a crash, and when its sender retransmits it.
    /// </remarks>
    public JanusEventsBuilder OnEvent<TEvent>(
        Func<TEvent, CancellationToken, ValueTask> handle,
        Action<JanusEventHandlerOptions>? configure = null)
        where TEvent : JanusEvent
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddHandler(new HandlerRegistration(
            $"OnEvent<{typeof(TEvent).Name}>",
            JanusEventHandlerOptions.Of(configure).Required,
            e => e is TEvent,
            (e, _, cancellationToken) => handle((TEvent)e, cancellationToken)));
    }

    /// <summary>Calls a function for every event of a kind, with a service.</summary>
    /// <typeparam name="TEvent">The kind: <see cref="DtlsEvent"/>, say, or <see cref="JanusEvent"/> for all.</typeparam>
    /// <typeparam name="TService">
    /// The service. Each call has a scope of its own, so that scoped services, such as a database context, can be used.
    /// </typeparam>
    /// <param name="handle">The function. It is called for one event after the other, in the order of their arrival.</param>
    /// <param name="configure">Sets whether storing an event depends on it.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The remarks of <see cref="OnEvent{TEvent}"/> apply. A missing registration of the service is an
    /// <see cref="InvalidOperationException"/> when the host starts.
    /// </remarks>
    public JanusEventsBuilder OnEvent<TEvent, TService>(
        Func<TEvent, TService, CancellationToken, ValueTask> handle,
        Action<JanusEventHandlerOptions>? configure = null)
        where TEvent : JanusEvent
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddHandler(new HandlerRegistration(
            $"OnEvent<{typeof(TEvent).Name}, {typeof(TService).Name}>",
            JanusEventHandlerOptions.Of(configure).Required,
            e => e is TEvent,
            async (e, services, cancellationToken) =>
            {
                AsyncServiceScope scope = services.CreateAsyncScope();
                await using (scope.ConfigureAwait(false))
                    await handle((TEvent)e, scope.ServiceProvider.GetRequiredService<TService>(), cancellationToken).ConfigureAwait(false);
            },
            typeof(TService)));
    }

    /// <summary>Adds a store that a factory makes, once; it is disposed with the services.</summary>
    /// <param name="name">How messages call it, with a number where there are several.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="filter">Selects the events that it gets; all when null. A combined statistics event is never divided.</param>
    internal JanusEventsBuilder AddSink(
        string name,
        Func<IServiceProvider, IResumingSink> make,
        Func<IServiceProvider, Func<JanusEvent, bool>?> filter)
    {
        object key = new();
        string free = FreeName(name);
        Services.AddKeyedSingleton(key, (services, _) => make(services));
        return Register(new SinkRegistration(free, Resolve, Required: true));

        IEventSink Resolve(IServiceProvider services)
        {
            IResumingSink store = services.GetRequiredKeyedService<IResumingSink>(key);
            return filter(services) is { } wanted ? Filtered(store, free, wanted, services) : store;
        }
    }

    private JanusEventsBuilder AddHandler(HandlerRegistration handler)
    {
        // The sink of all handlers of its kind; it finds them when it is made.
        string source = handler.Required ? "OnEvent (required)" : "OnEvent";
        if (!Registered().Any(sink => source.Equals(sink.Source)))
        {
            Register(new SinkRegistration(FreeName(source), services => new HandlerSink(handler.Required, services), handler.Required)
            {
                Source = source,
            });
        }

        Services.AddSingleton(handler);
        return this;
    }

    private JanusEventsBuilder Register(
        string typeName,
        object source,
        Func<IServiceProvider, IEventSink> resolve,
        Action<EventSinkOptions>? configure)
    {
        if (Registered().Any(sink => source.Equals(sink.Source)))
        {
            throw new InvalidOperationException(
                $"The sink {typeName} was added before. It is one object, and would get every event twice, from two calls at a "
                + "time. Remove one of the calls of AddSink, or add another instance.");
        }

        EventSinkOptions options = new();
        configure?.Invoke(options);
        string name = options.Name is null ? FreeName(typeName) : Claim(options.Name);
        Func<IServiceProvider, IEventSink> filtered = options.Filter is { } filter ? services => Filtered(resolve(services), name, filter, services) : resolve;
        return Register(new SinkRegistration(name, filtered, options.Required) { Source = source });
    }

    private JanusEventsBuilder Register(SinkRegistration sink)
    {
        Services.AddSingleton(sink);
        return this;
    }

    private IEnumerable<SinkRegistration> Registered() => Services
        .Where(service => !service.IsKeyedService)
        .Select(service => service.ImplementationInstance)
        .OfType<SinkRegistration>();

    private bool IsTaken(string name) => Registered().Any(sink => sink.Name.Equals(name, StringComparison.Ordinal));

    private string Claim(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return !IsTaken(name)
            ? name
            : throw new InvalidOperationException(
                $"Another sink is called \"{name}\" already. Give each a name of its own: messages call it by that, and a spool keeps its progress by it.");
    }

    /// <summary>A name for a sink that was given none: that of its kind, and a number where it is taken.</summary>
    internal string FreeName(string kind) => !IsTaken(kind)
        ? kind
        : Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{kind} {number}").First(name => !IsTaken(name));

    private static IEventSink Filtered(IEventSink sink, string name, Func<JanusEvent, bool> filter, IServiceProvider services) =>
        sink is IResumingSink store
            ? new FilteredResumingSink(store, new SinkFilter(name, filter, wholeEvents: true, FilterLogger(services)))
            : new FilteredSink(sink, new SinkFilter(name, filter, wholeEvents: false, FilterLogger(services)));

    private static ContainedLogger<SinkFilter> FilterLogger(IServiceProvider services) => services.GetRequiredService<ContainedLogger<SinkFilter>>();
}
