using System.Diagnostics.CodeAnalysis;
using JanusEvents;
using JanusEvents.AspNetCore.Mapping;
using JanusEvents.AspNetCore.Settings;
using JanusEvents.Dashboard;
using JanusEvents.Dashboard.Views;
using JanusEvents.Observation;
using JanusEvents.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

#pragma warning disable IDE0130 // Where every MapX extension of ASP.NET Core is found without a using.
namespace Microsoft.AspNetCore.Builder;
#pragma warning restore IDE0130

/// <summary>Adds the live page of the Janus servers.</summary>
public static class JanusDashboardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Adds the page that shows what is wrong on the Janus servers and why, and their rooms, calls, records and events, live. It needs
    /// <c>AddJanusEvents().AddMonitoring()</c>; records, troubles and events of the past need a store. It only reads.
    /// </summary>
    /// <remarks>
    /// It is shown to those whom the host's authorization lets in: <c>RequireAuthorization</c> on what this returns, or a fallback policy.
    /// Without either it is shown to callers on this machine only, and everybody else is answered 403.
    /// </remarks>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="pattern">The path of the page; its files, data and streams lie under it.</param>
    /// <returns>A builder to add authorization, host filters and the like.</returns>
    /// <exception cref="InvalidOperationException"><c>AddJanusEvents</c> or <c>AddMonitoring</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">The options are out of their ranges.</exception>
    public static IEndpointConventionBuilder MapJanusDashboard(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/janus")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        IServiceProvider services = endpoints.ServiceProvider;
        if (services.GetService<Intake>() is null || services.GetService<IJanusMonitor>() is null)
        {
            throw new InvalidOperationException(
                "MapJanusDashboard shows what monitoring knows. Add it before the application is built: "
                + "builder.Services.AddJanusEvents().AddSqlite(\"Data Source=janusevents.db\").AddMonitoring().");
        }

        DashboardEndpoint endpoint = new(services, OptionsOf(services), new ReceiverPaths(EndpointCheck.RootOf(endpoints)));
        RouteGroupBuilder group = endpoints.MapGroup(pattern.TrimEnd('/'));
        Map(group, "/", endpoint.DocumentAsync, "page");
        Map(group, "/a/{hash}/{file}", DashboardEndpoint.AssetAsync, "files");
        Map(group, "/data/{name}", endpoint.DataAsync, "data");
        Map(group, "/live", endpoint.LiveAsync, "streams");
        return group;
    }

    private static void Map(RouteGroupBuilder group, string pattern, RequestDelegate handle, string what) =>
        group.MapMethods(pattern, [HttpMethods.Get], handle).WithDisplayName($"Janus dashboard: {what}");

    private static JanusDashboardOptions OptionsOf(IServiceProvider services)
    {
        ConfiguredOptions<JanusDashboardOptions> configured = new(
            services, "Dashboard", static (configuration, options) => configuration.Bind(options));
        JanusDashboardOptions options = configured.Read();
        ValidateOptionsResult result = SettingsFailures.Of(new JanusDashboardOptionsRanges().Validate(null, options), [], configured.PathOf);
        return result.Failed ? throw new OptionsValidationException(Options.DefaultName, typeof(JanusDashboardOptions), result.Failures) : options;
    }
}
