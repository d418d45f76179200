using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>The limits that the server sets to a request by itself.</summary>
internal static class ServerLimits
{
    /// <summary>The server would answer 413 and 408 by itself; the endpoints bound size and time, and know when not to answer.</summary>
    public static void Lift(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
