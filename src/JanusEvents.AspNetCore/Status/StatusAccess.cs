using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.AspNetCore.Status;

/// <summary>
/// Decides who may see the status page of an endpoint without credentials of its own: those whom the host's authorization lets
/// in, and without any, only callers on this machine.
/// </summary>
internal static class StatusAccess
{
    /// <summary>The answer to all others.</summary>
    public const string Refused =
        "This page is shown on the host's own machine only, at http://localhost, until the endpoint has credentials "
        + "(JanusEvents:UserName and JanusEvents:Password) or authorization (RequireAuthorization on what MapJanusEvents returns).\n";

    // The traces of proxies and forwarded headers on a request: its connection comes from them, and not from the caller.
    private static readonly string[] s_proxyHeaders = ["Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"];
    private static readonly string[] s_proxyPrefixes = ["X-Forwarded-", "X-Original-"];

    /// <summary>Asks whether a request may see the page.</summary>
    public static async ValueTask<bool> IsOpenAsync(HttpContext context) =>
        IsLocal(context) || await IsAuthorizedAsync(context).ConfigureAwait(false);

    /// <summary>
    /// Whether the caller is on this machine: by the connection, without a proxy in between, and under a name that only this
    /// machine has. A page of another site in a browser here cannot choose that name.
    /// </summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && IsLocalName(context.Request.Host)
        && !context.Request.Headers.Keys.Any(IsOfProxy);

    private static bool IsLocalName(HostString host) =>
        host.Host is "127.0.0.1" or "[::1]" || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfProxy(string header) =>
        s_proxyHeaders.Contains(header, StringComparer.OrdinalIgnoreCase)
        || s_proxyPrefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether nothing of the endpoint's authorization, nor the host's fallback policy, keeps the request out.</summary>
    public static async ValueTask<bool> IsNotForbiddenAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
        || await EvaluateAsync(context).ConfigureAwait(false) is not false;

    /// <summary>Whether the endpoint's authorization, or the host's fallback policy, lets the request in.</summary>
    private static async ValueTask<bool> IsAuthorizedAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
        && await EvaluateAsync(context).ConfigureAwait(false) is true;

    /// <summary>
    /// The outcome of the authorization; null where there is none. It is evaluated here, since the middleware may be missing, or have
    /// seen another endpoint.
    /// </summary>
    public static async ValueTask<bool?> EvaluateAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is not { } metadata
            || context.RequestServices.GetService<IAuthorizationPolicyProvider>() is not { } policies
            || context.RequestServices.GetService<IPolicyEvaluator>() is not { } evaluator)
        {
            return null;
        }

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            policies,
            metadata.GetOrderedMetadata<IAuthorizeData>(),
            metadata.GetOrderedMetadata<AuthorizationPolicy>()).ConfigureAwait(false);
        if (policy is null)
            return null;

        var authenticated = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        return (await evaluator.AuthorizeAsync(policy, authenticated, context, resource: context).ConfigureAwait(false)).Succeeded;
    }
}
