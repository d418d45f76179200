using System.Runtime.CompilerServices;
using JanusEvents.AspNetCore.Receiving;
using JanusEvents.AspNetCore.Requests;
using JanusEvents.AspNetCore.Status;
using JanusEvents.Delivery;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.AspNetCore.Mapping;

/// <summary>
/// Keeps a host from starting where the framework would answer Janus's first request, and every other, with an error by
/// itself: two endpoints that match it, or metadata that nothing handles. Janus takes such an answer for a success. What the
/// other endpoints have that cannot be built shows here as well.
/// </summary>
internal static class EndpointCheck
{
    /// <summary>Checks everything that is mapped beside an endpoint, once all is.</summary>
    public static void WhenStarting(IEndpointRouteBuilder endpoints)
    {
        IEndpointRouteBuilder root = RootOf(endpoints);
        root.ServiceProvider.GetRequiredService<StartChecks>().Add(root, () => RunAsync(root));
    }

    /// <summary>The builder that a group of endpoints is in, which has all that routing chooses from.</summary>
    public static IEndpointRouteBuilder RootOf(IEndpointRouteBuilder endpoints)
    {
        try
        {
            while (endpoints is RouteGroupBuilder group)
                endpoints = Outer(group);
        }
        catch (MissingFieldException)
        {
            // Another version of the framework: what is in the same group is still compared.
        }

        return endpoints;
    }

    private static async Task RunAsync(IEndpointRouteBuilder root)
    {
        RouteEndpoint[] all = [.. root.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
        MatchedRequests[] matched = [.. all.Select(MatchedRequests.Of)];
        for (int own = 0; own < all.Length; own++)
        {
            if (MethodOf(all[own]) is not { } method)
                continue;

            for (int other = 0; other < all.Length; other++)
            {
                if (other != own && matched[own].MethodInCommonWith(matched[other]) is { } shared)
                    throw Ambiguous(all[own], method, all[other], shared);
            }

            await RequireHandledAsync(all[own], method, root.ServiceProvider).ConfigureAwait(false);
        }
    }

    /// <summary>The method that mapped an endpoint; null for one of the host's own.</summary>
    private static string? MethodOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<JanusEventsEndpoint>() is not null || endpoint.Metadata.GetMetadata<StatusEndpoint>() is not null ? "MapJanusEvents"
        : endpoint.Metadata.GetMetadata<JanusEventsWebSocketEndpoint>() is not null ? "MapJanusEventsWebSocket"
        : null;

    private static InvalidOperationException Ambiguous(RouteEndpoint own, string method, RouteEndpoint other, string shared)
    {
        const string Consequence = "would be answered 500, which Janus takes for delivered.";
        string pattern = own.RoutePattern.RawText ?? own.DisplayName ?? "";
        return new InvalidOperationException(MethodOf(other) == method
            ? $"{method} is called twice for \"{pattern}\"{AsWell(other, pattern)}: every {shared} there matches both, and {Consequence} "
                + "Call it once, or give each a pattern or a host (RequireHost) of its own."
            : $"{method} maps \"{pattern}\", and so does another endpoint of the application ({other.DisplayName}): every {shared} there "
                + $"matches both, and {Consequence} Give one of them another pattern or a host of its own (RequireHost).");
    }

    private static string AsWell(RouteEndpoint other, string pattern) =>
        other.RoutePattern.RawText is { } text && text != pattern ? $" (and for \"{text}\", which is the same)" : "";

    /// <summary>Sees to it that there are services for the metadata that the framework demands a middleware for.</summary>
    private static async Task RequireHandledAsync(RouteEndpoint endpoint, string method, IServiceProvider services)
    {
        EndpointMetadataCollection metadata = endpoint.Metadata;
        IReadOnlyList<IAuthorizeData> authorize = metadata.GetOrderedMetadata<IAuthorizeData>();
        if (authorize.Count > 0 && services.GetService<IAuthorizationPolicyProvider>() is null)
            throw Unhandled("RequireAuthorization", "builder.Services.AddAuthorization()");
        if (metadata.GetMetadata<ICorsMetadata>() is not null && services.GetService<ICorsService>() is null)
            throw Unhandled("RequireCors", "builder.Services.AddCors() and app.UseCors()");
        if (metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true } && services.GetService<IAntiforgery>() is null)
            throw Unhandled("antiforgery metadata", "builder.Services.AddAntiforgery() and app.UseAntiforgery()");

        // A provider of the host's own may ask a database, for which the start does not wait.
        if (authorize.Count > 0 && services.GetService<IAuthorizationPolicyProvider>() is { } provider && provider.GetType() == typeof(DefaultAuthorizationPolicyProvider))
        {
            try
            {
                await AuthorizationPolicy.CombineAsync(provider, authorize).ConfigureAwait(false);
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidOperationException(
                    $"The authorization of \"{endpoint.RoutePattern.RawText}\" ({method}) cannot be evaluated, so that every request would be answered 500, "
                    + $"which Janus takes for delivered. Add the policy in AddAuthorization(…). {e.Message}",
                    e);
            }
        }

        InvalidOperationException Unhandled(string what, string call) => new(
            $"\"{endpoint.RoutePattern.RawText}\" ({method}) has {what}, and the application has no services for it: every request would be answered 500, "
            + $"which Janus takes for delivered. Call {call}, or take it away.");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_outerEndpointRouteBuilder")]
    private static extern ref IEndpointRouteBuilder Outer(RouteGroupBuilder group);
}
