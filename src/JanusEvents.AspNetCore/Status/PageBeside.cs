using JanusEvents.AspNetCore.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JanusEvents.AspNetCore.Status;

/// <summary>
/// The status page of a POST endpoint at the same address as a WebSocket endpoint. Routing cannot distinguish them: both
/// are GET, so that the WebSocket endpoint gets the page's requests and passes them on.
/// </summary>
internal sealed class PageBeside(IEndpointRouteBuilder root)
{
    private readonly Lock _gate = new();
    private RouteEndpoint[]? _pages;

    /// <summary>Answers a request by the page, if there is one.</summary>
    public async ValueTask<bool> TryShowAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || context.GetEndpoint() is not RouteEndpoint webSocket
            || Pages().FirstOrDefault(page => MatchedRequests.Of(page).Have(webSocket, context.Request)) is not { } page)
        {
            return false;
        }

        context.SetEndpoint(page);

        // The host's authorization has seen the WebSocket endpoint.
        if (await StatusAccess.IsNotForbiddenAsync(context).ConfigureAwait(false))
            await page.RequestDelegate!(context).ConfigureAwait(false);
        else
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return true;
    }

    private RouteEndpoint[] Pages()
    {
        lock (_gate)
        {
            return _pages ??= [.. root.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<StatusEndpoint>() is not null)
                .OrderByDescending(page => MatchedRequests.Of(page).HasHosts)];
        }
    }
}
