using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>The requests that routing matches to an endpoint, as far as two endpoints are compared by it.</summary>
internal sealed class MatchedRequests
{
    private static readonly StringComparer s_comparer = StringComparer.OrdinalIgnoreCase;
    private readonly RouteEndpoint _endpoint;
    private readonly string _path;
    private readonly IReadOnlyList<string> _methods;
    private readonly IReadOnlyList<string> _hosts;

    private MatchedRequests(RouteEndpoint endpoint)
    {
        _endpoint = endpoint;
        _path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => Shape(endpoint.RoutePattern, segment)));
        _methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        _hosts = endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts ?? [];
    }

    public static MatchedRequests Of(RouteEndpoint endpoint) => new(endpoint);

    /// <summary>
    /// The method of requests that both match, neither before the other; null when there is none. An endpoint for any method
    /// or any host comes behind one that names them, and one behind another by its order or a more general pattern.
    /// </summary>
    public string? MethodInCommonWith(MatchedRequests other) =>
        _endpoint.Order == other._endpoint.Order
        && s_comparer.Equals(_path, other._path)
        && (_hosts.Count == 0 ? other._hosts.Count == 0 : _hosts.Intersect(other._hosts, s_comparer).Any())
        && MayBeOfJanus(other._endpoint)
        && MayBeOfJanus(_endpoint)
            ? _methods.Intersect(other._methods, s_comparer).FirstOrDefault()
            : null;

    /// <summary>Whether the endpoint is for certain hosts only.</summary>
    public bool HasHosts => _hosts.Count > 0;

    /// <summary>Whether a request that was matched to an endpoint would be matched to this one if that one were not there.</summary>
    public bool Have(RouteEndpoint matched, HttpRequest request) =>
        s_comparer.Equals(_path, Of(matched)._path) && (_hosts.Count == 0 || _hosts.Any(host => Matches(host, request)));

    /// <summary>Whether a request is for a host as <c>RequireHost</c> takes it: a name, <c>*.name</c> or <c>*</c>, and perhaps a port.</summary>
    private static bool Matches(string host, HttpRequest request)
    {
        const string AnyBelow = "*.";
        HostString required = new(host);
        int port = request.Host.Port ?? (request.IsHttps ? 443 : 80);
        string name = required.Host;
        return (required.Port is not { } only || only == port)
            && (name is "" or "*"
                || s_comparer.Equals(name, request.Host.Host)
                || (name.StartsWith(AnyBelow, StringComparison.Ordinal) && request.Host.Host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Whether an endpoint is matched at all, and takes JSON or gzip where it says what it takes.</summary>
    private static bool MayBeOfJanus(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>() is not { SuppressMatching: true }
        && (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not { ContentTypes: { Count: > 0 } types }
            || types.Any(type => type.Contains("json", StringComparison.OrdinalIgnoreCase)
                || type.Contains("gzip", StringComparison.OrdinalIgnoreCase)
                || type.Contains('*', StringComparison.Ordinal)));

    /// <summary>A segment without the names of its parameters: two that differ in these only match the same.</summary>
    private static string Shape(RoutePattern pattern, RoutePatternPathSegment segment) => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{(parameter.IsCatchAll ? "*" : "")}{Policies(pattern, parameter)}}}",
        _ => "",
    }));

    private static string Policies(RoutePattern pattern, RoutePatternParameterPart parameter) =>
        pattern.ParameterPolicies.TryGetValue(parameter.Name, out IReadOnlyList<RoutePatternParameterPolicyReference>? policies)
            ? string.Concat(policies.Select(policy => $":{policy.Content ?? policy.ParameterPolicy?.GetType().Name}").Order(StringComparer.Ordinal))
            : "";
}
