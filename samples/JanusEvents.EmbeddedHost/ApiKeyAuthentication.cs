using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JanusEvents.EmbeddedHost;

/// <summary>The application's own scheme: a key in the header X-Api-Key. Stands for whatever yours is.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    public const string Name = "ApiKey";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers["X-Api-Key"] is not [{ } key])
            return Task.FromResult(AuthenticateResult.NoResult());

        // Hashes have one length, so that the time reveals nothing about the key.
        bool known = CryptographicOperations.FixedTimeEquals(Hash(key), Hash(Options.Key));
        return Task.FromResult(known
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(Name)), Name))
            : AuthenticateResult.Fail("The key is not known."));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
