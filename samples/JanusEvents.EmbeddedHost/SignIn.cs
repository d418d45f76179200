using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JanusEvents.EmbeddedHost;

/// <summary>The application's own sign-in for people: a form that takes the API key, and a cookie. Stands for whatever yours is.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const string Policy = "SignedIn";

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(Path, () => Form(StatusCodes.Status200OK, "")).AllowAnonymous();

        // Without an antiforgery token: the form holds the secret itself, which another site does not have.
        app.MapPost(Path, ([FromForm] string? key, IOptionsMonitor<ApiKeyOptions> options) =>
            options.Get(ApiKeyAuthentication.Name).IsKey(key ?? "") ? GiveCookie() : Form(StatusCodes.Status401Unauthorized, "The key is not known."))
            .AllowAnonymous()
            .DisableAntiforgery();
    }

    // The cookie's handler leads back to the local address in ReturnUrl.
    private static IResult GiveCookie() => Results.SignIn(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "operator")], CookieAuthenticationDefaults.AuthenticationScheme)),
        authenticationScheme: CookieAuthenticationDefaults.AuthenticationScheme);

    private static IResult Form(int status, string message) => Results.Text(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title></head>
        <body>
          <h1>Sign in</h1>
          <form method="post">
            <label>API key <input type="password" name="key" autocomplete="current-password" autofocus required></label>
            <button>Sign in</button>
            <output>{message}</output>
          </form>
        </body>
        </html>
        """,
        "text/html; charset=utf-8",
        statusCode: status);
}
