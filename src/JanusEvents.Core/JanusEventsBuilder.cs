using System.Diagnostics.CodeAnalysis;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Sinks;
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
    /// <param name="required">As for <see cref="EventSinkOptions.Required"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// The sink was added before, or is registered as scoped or transient.
    /// </exception>
    public JanusEventsBuilder AddSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        bool required = true)
        where TSink : class, IEventSink =>
        AddSink<TSink>(sink => sink.Required = required);

    /// <summary>Adds a sink of one's own, which is made once, and says how it is fed.</summary>
    /// <typeparam name="TSink">The sink. Its constructor's parameters come from the services.</typeparam>
    /// <param name="configure">Sets its name, whether it is required, and what it gets.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// The sink was added before, is registered as scoped or transient, or its name is taken.
    /// </exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        Action<EventSinkOptions> configure)
        where TSink : class, IEventSink
    {
        ArgumentNullException.ThrowIfNull(configure);
        ServiceDescriptor? known = Services.LastOrDefault(service => service.ServiceType == typeof(TSink) && !service.IsKeyedService);
        if (known is { Lifetime: not ServiceLifetime.Singleton })
        {
            throw new InvalidOperationException(
                $"{typeof(TSink).Name} is registered as {known.Lifetime}, but a sink is made once. Leave its registration to "
                + $"AddSink<{typeof(TSink).Name}>(), or use AddSingleton.");
        }

        Services.TryAddSingleton<TSink>();
        return Register(typeof(TSink).Name, typeof(TSink), services => services.GetRequiredService<TSink>(), configure);
    }

    /// <summary>Adds a sink that exists already.</summary>
    /// <param name="sink">The sink, which gets every event. It is not disposed.</param>
    /// <param name="required">As for <see cref="EventSinkOptions.Required"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The sink was added before.</exception>
    public JanusEventsBuilder AddSink(IEventSink sink, bool required = true) =>
        AddSink(sink, options => options.Required = required);

    /// <summary>Adds a sink that exists already, and says how it is fed.</summary>
    /// <param name="sink">The sink. It is not disposed.</param>
    /// <param name="configure">Sets its name, whether it is required, and what it gets.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The sink was added before, or its name is taken.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink(IEventSink sink, Action<EventSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(configure);
        return Register(sink.GetType().Name, sink, _ => sink, configure);
    }

    /// <summary>Adds a sink that is one function.</summary>
    /// <param name="write">
    /// Stores a batch: what <see cref="IEventSink.WriteAsync"/> says holds for it. It gets every event.
    /// </param>
    /// <param name="name">As for <see cref="EventSinkOptions.Name"/>; <c>delegate</c> when null.</param>
    /// <param name="required">As for <see cref="EventSinkOptions.Required"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink(
        Func<EventBatch, CancellationToken, ValueTask> write,
        string? name = null,
        bool required = true) =>
        AddSink(write, sink => (sink.Name, sink.Required) = (name, required));

    /// <summary>Adds a sink that is one function, and says how it is fed.</summary>
    /// <param name="write">Stores a batch: what <see cref="IEventSink.WriteAsync"/> says holds for it.</param>
    /// <param name="configure">
    /// Sets its name (<c>delegate</c> when null), whether it is required, and what it gets.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public JanusEventsBuilder AddSink(
        Func<EventBatch, CancellationToken, ValueTask> write,
        Action<EventSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(configure);
        DelegateSink sink = new(write);
        return Register("delegate", sink, _ => sink, configure);
    }

    /// <summary>Calls a function for every event of a kind.</summary>
    /// <typeparam name="TEvent">The kind: <see cref="DtlsEvent"/>, say, or <see cref="JanusEvent"/> for all.</typeparam>
    /// <param name="handle">What to call. One event after the other, in the order of their arrival.</param>
    /// <param name="required">
    /// False, the default, when storage does not depend on it: an event is handled once it is stored, what throws is
    /// logged, and events are missed when handlers do not keep up. True when an event counts as stored only once it was
    /// handled: what throws holds up the answer to the sender, and is called again for the same event until it does not
    /// throw, so that one event that never can be handled holds up everything.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// All handlers that are not required are called one at a time: for each event in the order in which they were added.
    /// So are those that are required, before them. An event may come again after a kill, and when its sender had to
    /// send it again.
    /// </remarks>
    public JanusEventsBuilder OnEvent<TEvent>(Func<TEvent, CancellationToken, ValueTask> handle, bool required = false)
        where TEvent : JanusEvent
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddHandler(new HandlerRegistration(
            $"OnEvent<{typeof(TEvent).Name}>",
            required,
            e => e is TEvent,
            (e, _, cancellationToken) => handle((TEvent)e, cancellationToken)));
    }

    /// <summary>Calls a function for every event of a kind, with a service.</summary>
    /// <typeparam name="TEvent">The kind: <see cref="DtlsEvent"/>, say, or <see cref="JanusEvent"/> for all.</typeparam>
    /// <typeparam name="TService">
    /// The service. Each call has a scope of its own, so that scoped services, such as a database context, will do.
    /// </typeparam>
    /// <param name="handle">What to call. One event after the other, in the order of their arrival.</param>
    /// <param name="required">As for <see cref="OnEvent{TEvent}"/>.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// What <see cref="OnEvent{TEvent}"/> says holds here as well. When the host starts, an
    /// <see cref="InvalidOperationException"/> says so if the service is not registered.
    /// </remarks>
    public JanusEventsBuilder OnEvent<TEvent, TService>(
        Func<TEvent, TService, CancellationToken, ValueTask> handle,
        bool required = false)
        where TEvent : JanusEvent
        where TService : notnull
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddHandler(new HandlerRegistration(
            $"OnEvent<{typeof(TEvent).Name}, {typeof(TService).Name}>",
            required,
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
    /// <param name="filter">Says which events it gets; all when null. A combined statistics event is never divided.</param>
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
            return filter(services) is { } wanted
                ? new FilteredResumingSink(store, new SinkFilter(free, wanted, wholeEvents: true, FilterLogger(services)))
                : store;
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
        Action<EventSinkOptions> configure)
    {
        if (Registered().Any(sink => source.Equals(sink.Source)))
        {
            throw new InvalidOperationException(
                $"The sink {typeName} was added before. It is one object, and would get every event twice, from two calls at a "
                + "time. Remove one of the calls of AddSink, or add another instance.");
        }

        EventSinkOptions options = new();
        configure(options);
        string name = options.Name is null ? FreeName(typeName) : Claim(options.Name);
        Func<IServiceProvider, IEventSink> filtered = options.Filter is not { } filter
            ? resolve
            : services => new FilteredSink(
                resolve(services),
                new SinkFilter(name, filter, wholeEvents: false, FilterLogger(services)));
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

    private static ContainedLogger<SinkFilter> FilterLogger(IServiceProvider services) => services.GetRequiredService<ContainedLogger<SinkFilter>>();
}
