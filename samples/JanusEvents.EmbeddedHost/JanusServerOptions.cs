using Microsoft.AspNetCore.Authentication;

namespace JanusEvents.EmbeddedHost;

/// <summary>The credentials that Janus must show: <c>backend_user</c> and <c>backend_pwd</c> of its event handler.</summary>
internal sealed class JanusServerOptions : AuthenticationSchemeOptions
{
    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";
}
