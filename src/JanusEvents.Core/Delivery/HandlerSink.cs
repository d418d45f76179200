using JanusEvents.Observation;
using JanusEvents.Parsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Delivery;

/// <summary>
/// Calls the handlers of <c>OnEvent</c>, event by event, and for each event in the order in which they were added. There
/// is one for the handlers that are required, and one for the others.
/// </summary>
internal sealed class HandlerSink : IEventSink
{
    // Bodies that were recorded and are never retransmitted must not pile up while a handler fails for hours.
    private const int MaxRecorded = 100_000;

    private readonly HandlerRegistration[] _handlers;
    private readonly bool _required;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly long[] _failures;

    // How many calls were made for bodies of a batch that failed: when they are delivered again, it goes on from there.
    private readonly Dictionary<BodyHash, int> _made = [];

    public HandlerSink(bool required, IServiceProvider services)
    {
        _required = required;
        _services = services;
        _handlers = [.. services.GetServices<HandlerRegistration>().Where(handler => handler.Required == required)];
        _failures = new long[_handlers.Length];
        _logger = services.GetRequiredService<ContainedLogger<HandlerSink>>();

        IServiceProviderIsService? known = services.GetService<IServiceProviderIsService>();
        foreach (HandlerRegistration handler in _handlers)
        {
            if (handler.Service is { } service && known?.IsService(service) is false)
            {
                throw new InvalidOperationException(
                    $"{handler.Name} needs a {service.Name}, and none is registered. Add it to the services, with "
                    + $"builder.Services.AddScoped<{service.Name}>() for instance.");
            }
        }
    }

    public async ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        foreach (ReceivedBody body in batch.Bodies)
        {
            int made = 0;
            if (_made.Count > 0 && _made.Remove(BodyHash.Of(body), out int before))
                made = before;

            try
            {
                for (; made < body.Events.Count * _handlers.Length; made++)
                {
                    JanusEvent e = body.Events[made / _handlers.Length];
                    int handler = made % _handlers.Length;
                    if (_handlers[handler].Takes(e))
                        await HandleAsync(handler, e, cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                NoteMade(batch, body, made);
                throw;
            }
        }
    }

    private async ValueTask HandleAsync(int index, JanusEvent e, CancellationToken cancellationToken)
    {
        HandlerRegistration handler = _handlers[index];
        try
        {
            await handler.HandleAsync(e, _services, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a handler throws that is not required, the next one has its turn.
        catch (Exception exception) when (!_required && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // One line per thousand, so that a handler that always fails does not fill the log.
            if (_failures[index]++ % 1000 == 0)
                DeliveryLog.HandlerFailed(_logger, exception, handler.Name, _failures[index]);
        }
    }

    private void NoteMade(EventBatch batch, ReceivedBody failed, int made)
    {
        if (_made.Count > MaxRecorded)
            _made.Clear();
        foreach (ReceivedBody body in batch.Bodies)
        {
            _made[BodyHash.Of(body)] = body == failed ? made : int.MaxValue;
            if (body == failed)
                return;
        }
    }
}

/// <summary>A handler that <c>OnEvent</c> added.</summary>
/// <param name="Name">How messages call it.</param>
/// <param name="Required">Whether an event counts as stored only once it was handled.</param>
/// <param name="Takes">Whether an event is of its kind.</param>
/// <param name="HandleAsync">Calls it.</param>
/// <param name="Service">The service that it is called with; null where there is none.</param>
internal sealed record HandlerRegistration(
    string Name,
    bool Required,
    Func<JanusEvent, bool> Takes,
    Func<JanusEvent, IServiceProvider, CancellationToken, ValueTask> HandleAsync,
    Type? Service = null);
