using System.Diagnostics.CodeAnalysis;
using JanusEvents;
using JanusEvents.Monitoring.Notifications;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

#pragma warning disable IDE0130 // Where every AddX extension of the builder is found without a using.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds those who are notified of troubles.</summary>
public static class JanusEventsTroubleExtensions
{
    /// <summary>Adds a handler of troubles, which is created once, and monitoring (<c>AddMonitoring</c>).</summary>
    /// <typeparam name="THandler">The handler. Its constructor's parameters come from the services.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets its name and its least severity.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The least severity is not Warning, Error or Critical.</exception>
    /// <exception cref="InvalidOperationException">The handler is registered as scoped or transient, or its name is taken.</exception>
    public static JanusEventsBuilder AddTroubleHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this JanusEventsBuilder builder, Action<TroubleHandlerOptions>? configure = null)
        where THandler : class, IJanusTroubleHandler
    {
        ArgumentNullException.ThrowIfNull(builder);

        TroubleHandlerOptions options = new();
        configure?.Invoke(options);
        if (options.MinSeverity is not (TroubleSeverity.Warning or TroubleSeverity.Error or TroubleSeverity.Critical))
            throw new ArgumentException($"MinSeverity is {options.MinSeverity}; it must be Warning, Error or Critical.", nameof(configure));
        if (builder.Services.LastOrDefault(service => service.ServiceType == typeof(THandler) && !service.IsKeyedService) is { Lifetime: not ServiceLifetime.Singleton } known)
        {
            throw new InvalidOperationException(
                $"{typeof(THandler).Name} is registered as {known.Lifetime}, but a handler of troubles is created once. Leave its registration to "
                + $"AddTroubleHandler<{typeof(THandler).Name}>(), or use AddSingleton.");
        }

        builder.Services.TryAddSingleton<THandler>();
        return builder.Add(new TroubleHandlerRegistration(
            options.Name ?? typeof(THandler).Name, options.MinSeverity, services => services.GetRequiredService<THandler>()));
    }

    /// <summary>Adds a webhook that is notified of troubles, and monitoring (<c>AddMonitoring</c>).</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="url">The address that notifications are posted to: absolute, <c>https</c> or <c>http</c>.</param>
    /// <param name="configure">Sets its secret, format and least severity.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">A setting is missing or out of range; the message has the fix.</exception>
    /// <exception cref="InvalidOperationException">Its name is taken.</exception>
    public static JanusEventsBuilder AddTroubleWebhook(this JanusEventsBuilder builder, string url, Action<TroubleWebhookOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        TroubleWebhookOptions options = new() { Url = url };
        configure?.Invoke(options);
        string[] failures = [.. options.Failures(key => key)];
        if (failures.Length > 0)
            throw new ArgumentException(string.Join(' ', failures), nameof(configure));

        // Those of the configuration are called by their keys.
        int number = builder.Registered().Count(handler => handler.Name.StartsWith(nameof(AddTroubleWebhook), StringComparison.Ordinal)) + 1;
        return builder.Add(TroubleWebhook.Register(
            options, number == 1 ? nameof(AddTroubleWebhook) : FormattableString.Invariant($"{nameof(AddTroubleWebhook)} {number}")));
    }

    /// <summary>Adds what notifies, once however often it is called.</summary>
    internal static void AddNotifications(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(TroubleNotifier)))
            return;

        services.AddSingleton<NotificationOptionsSetup>();

        // Before what the host may have configured by code already, which is to win.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<NotificationOptions>>(
            provider => provider.GetRequiredService<NotificationOptionsSetup>()));
        services.AddSingleton<IValidateOptions<NotificationOptions>>(provider => provider.GetRequiredService<NotificationOptionsSetup>());
        services.AddOptions<NotificationOptions>().ValidateOnStart();
        services.AddSingleton<TroubleCounts>();
        services.AddSingleton<TroubleNotifier>();
        services.AddSingleton<ITroubleObserver>(provider => provider.GetRequiredService<TroubleNotifier>());
        services.AddSingleton<IJanusTroubleNotifications>(provider => provider.GetRequiredService<TroubleNotifier>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TroubleNotifier>());
    }

    private static JanusEventsBuilder Add(this JanusEventsBuilder builder, TroubleHandlerRegistration handler)
    {
        if (builder.Registered().Any(other => other.Name.Equals(handler.Name, StringComparison.Ordinal)))
        {
            throw new InvalidOperationException(
                $"Another handler of troubles is called \"{handler.Name}\" already. Give each a Name of its own; log messages call it by that.");
        }

        builder.AddMonitoring();
        builder.Services.AddSingleton(handler);
        return builder;
    }

    private static IEnumerable<TroubleHandlerRegistration> Registered(this JanusEventsBuilder builder) => builder.Services
        .Where(service => !service.IsKeyedService)
        .Select(service => service.ImplementationInstance)
        .OfType<TroubleHandlerRegistration>();
}
