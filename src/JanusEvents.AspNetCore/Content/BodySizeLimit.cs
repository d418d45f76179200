using JanusEvents.AspNetCore.Settings;
using Microsoft.AspNetCore.Http.Metadata;

namespace JanusEvents.AspNetCore.Content;

/// <summary>
/// Shows routing, and middleware between it and the endpoint, how large a body may be: without it they use the server's limit,
/// whose excess ends in an exception and not in the endpoint's answer.
/// </summary>
internal sealed class BodySizeLimit(CurrentSettings settings) : IRequestSizeLimitMetadata
{
    // The endpoint itself notices first that its limit is exceeded, a read beyond it at the latest.
    private const int Slack = 64 * 1024;

    public long? MaxRequestBodySize => (long)settings.Current.MaxBodyBytes + Slack;
}
