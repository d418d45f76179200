namespace JanusEvents.SampleHost;

/// <summary>Takes secrets out as the settings say.</summary>
internal static class SecretSettings
{
    private const string Section = "JanusEvents:Secrets";

    public static JanusEventsBuilder RemoveSecrets(this JanusEventsBuilder events, IConfiguration configuration)
    {
        events.Services.Configure<JanusEventsOptions>(options => Bind(configuration, options.Secrets));
        return events;
    }

    private static void Bind(IConfiguration configuration, SecretsOptions options)
    {
        try
        {
            configuration.GetSection(Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            // The binder names the key and the value.
            throw new SettingsException($"{e.Message} Addresses is Keep, Mask or Hash; what is removed is true or false.");
        }
    }
}
