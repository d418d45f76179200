namespace JanusEvents;

/// <summary>
/// A user name and its password, as Janus sends them: <c>backend_user</c> and <c>backend_pwd</c> of its event handler.
/// </summary>
public sealed class BasicCredentials
{
    /// <summary>Makes a pair to be filled in, from configuration for instance.</summary>
    public BasicCredentials()
    {
    }

    /// <summary>Makes a pair.</summary>
    /// <param name="userName">The user name, without a colon.</param>
    /// <param name="password">The password.</param>
    public BasicCredentials(string userName, string password)
    {
        UserName = userName;
        Password = password;
    }

    /// <summary>
    /// The user name (<c>backend_user</c>). Not empty, and without a colon, which is what ends it in a request.
    /// </summary>
    public string? UserName { get; set; }

    /// <summary>The password (<c>backend_pwd</c>). Not empty.</summary>
    public string? Password { get; set; }
}
