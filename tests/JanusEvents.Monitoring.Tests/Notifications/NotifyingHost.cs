using System.Collections.Concurrent;
using JanusEvents.Monitoring.Notifications;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>A host that notifies, whose clock a test moves.</summary>
internal sealed class NotifyingHost : IAsyncDisposable
{
    private readonly IHost _host;

    private NotifyingHost(IHost host) => _host = host;

    public FakeTimeProvider Clock => (FakeTimeProvider)Services.GetRequiredService<TimeProvider>();

    public IServiceProvider Services => _host.Services;

    private TroubleNotifier Notifier => Services.GetRequiredService<TroubleNotifier>();

    public DeliveryLogLines Log => Services.GetRequiredService<DeliveryLogLines>();

    public static Task<NotifyingHost> StartAsync(Action<JanusEventsBuilder> add, params (string Key, string Value)[] settings) =>
        StartAsync(SampleTroubles.Start.AddSeconds(2), add, settings);

    public static async Task<NotifyingHost> StartAsync(DateTimeOffset now, Action<JanusEventsBuilder> add, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddSingleton<DeliveryLogLines>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<DeliveryLogLines>());
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(now));
        add(builder.Services.AddJanusEvents().AddSink((_, _) => ValueTask.CompletedTask).AddMonitoring());
        IHost host = builder.Build();
        try
        {
            await host.StartAsync();
            return new NotifyingHost(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public void Changed(Trouble trouble, TroubleChange change) => Services.GetRequiredService<ITroubleObserver>().Changed(trouble, change);

    public void Began(Trouble trouble) => Changed(trouble, TroubleChange.Began);

    public void Ended(Trouble trouble) => Changed(trouble, TroubleChange.Ended);

    /// <summary>Moves the clock in steps until a condition holds: a loop may have to take note of one step before the next.</summary>
    /// <param name="step">How far at a time.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="betweenCalls">Whether the clock stands while a handler is called: the time-out of a real request would run out.</param>
    public Task AdvanceUntilAsync(TimeSpan step, Func<bool> condition, string what, bool betweenCalls = false) => Wait.UntilAsync(
        () =>
        {
            if (condition())
                return true;
            if (!betweenCalls || !Notifier.IsCalling)
                Clock.Advance(step);
            return false;
        },
        Wait.Limit,
        what);

    /// <summary>Waits until no handler is called.</summary>
    public Task UntilIdleAsync() => Wait.UntilAsync(() => !Notifier.IsCalling, Wait.Limit, "the call of the handler to end");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

/// <summary>Keeps what it is notified of.</summary>
internal sealed class RecordingHandler : IJanusTroubleHandler
{
    private readonly ConcurrentQueue<TroubleNotification> _all = [];

    public IReadOnlyList<TroubleNotification> All => [.. _all];

    public ValueTask HandleAsync(TroubleNotification notification, CancellationToken cancellationToken)
    {
        _all.Enqueue(notification);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Throws.</summary>
internal sealed class ThrowingHandler : IJanusTroubleHandler
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public ValueTask HandleAsync(TroubleNotification notification, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        throw new InvalidOperationException($"This one fails for {notification.Summary}.");
    }
}

/// <summary>Blocks its thread until it is let go.</summary>
internal sealed class BlockingHandler : IJanusTroubleHandler, IDisposable
{
    public ManualResetEventSlim Entered { get; } = new();

    public ManualResetEventSlim LetGo { get; } = new();

    public ValueTask HandleAsync(TroubleNotification notification, CancellationToken cancellationToken)
    {
        Entered.Set();
        LetGo.Wait(Wait.Limit, CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        Entered.Dispose();
        LetGo.Dispose();
    }
}
