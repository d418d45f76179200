using Microsoft.AspNetCore.Authentication;

namespace JanusEvents.EmbeddedHost;

/// <summary>The key that callers of the API must show.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    public string Key { get; set; } = "";
}
