using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JanusEvents.EmbeddedHost;

/// <summary>
/// The scheme of Janus's endpoint: Basic credentials, which Janus sends up front. It never answers. Janus takes every
/// answer for a success, a 401 too, and says nothing; where the connection is aborted it logs an error, keeps the events
/// for its retransmissions, and retransmits them.
/// </summary>
internal sealed partial class JanusServerAuthentication(IOptionsMonitor<JanusServerOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<JanusServerOptions>(options, logger, encoder)
{
    public const string Name = "JanusServer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        bool known = AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out AuthenticationHeaderValue? header)
            && header is { Scheme: "Basic", Parameter: { } sent }
            && CryptographicOperations.FixedTimeEquals(Hash(sent), Hash(Expected()));
        return Task.FromResult(known
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Name)), Name))
            : AuthenticateResult.NoResult());
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => BreakOff();

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => BreakOff();

    private Task BreakOff()
    {
        BrokenOff(Logger, Request.Path, Context.Connection.RemoteIpAddress);
        Context.Abort();
        return Task.CompletedTask;
    }

    private string Expected() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Options.UserName}:{Options.Password}"));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(1, LogLevel.Error, "POST to {Path} from {Address} has no valid credentials; the connection was aborted. If it is one of our Janus servers, compare its backend_user and backend_pwd with Janus:UserName and Janus:Password.")]
    private static partial void BrokenOff(ILogger logger, PathString path, IPAddress? address);
}
