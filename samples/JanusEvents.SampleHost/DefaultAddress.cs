namespace JanusEvents.SampleHost;

/// <summary>Where the host listens when nothing says where.</summary>
internal static class DefaultAddress
{
    // Not a "Urls" in appsettings.json, which would win over the ASPNETCORE_URLS of the environment.
    private static readonly string[] s_keys = ["urls", "http_ports", "https_ports"];

    public static void ListenByDefaultOn(this WebApplicationBuilder builder, string url)
    {
        if (!s_keys.Any(key => builder.Configuration[key] is { Length: > 0 })
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(url);
        }
    }
}
