using JanusEvents.AspNetCore.Status;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.Dashboard.Access;

/// <summary>
/// Decides who may see the page: whom the authorization of the endpoint, or the host's fallback policy, lets in, and nobody else; where
/// there is neither, callers on this machine.
/// </summary>
internal static class DashboardAccess
{
    /// <summary>The answer to all others.</summary>
    public const string Refused =
        "This page is shown on the host's own machine only, at http://localhost, until it has authorization: call .RequireAuthorization() on what "
        + "MapJanusDashboard returns, or set a fallback policy (AddAuthorizationBuilder().SetFallbackPolicy(…)). It shows names, addresses and session "
        + "descriptions of calls.\n";

    /// <summary>Answers a request that may not see the page.</summary>
    /// <returns>Whether it was answered.</returns>
    public static async ValueTask<bool> RefuseAsync(HttpContext context)
    {
        bool isAnonymous = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        bool isOpen = (isAnonymous ? null : await StatusAccess.EvaluateAsync(context).ConfigureAwait(false)) ?? StatusAccess.IsLocal(context);
        if (isOpen)
            return false;

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(Refused, context.RequestAborted).ConfigureAwait(false);
        return true;
    }
}
