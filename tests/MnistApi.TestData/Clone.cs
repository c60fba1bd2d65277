namespace MnistApi.TestData;

/// <summary>Files of the repository that tests read where they are.</summary>
public static class Clone
{
    private static readonly Lazy<string> s_root = new(Find);

    /// <summary>The full path of a file or folder, given from the repository's root.</summary>
    public static string PathOf(params ReadOnlySpan<string> path) => Path.Combine([s_root.Value, .. path]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MnistApi.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("MnistApi.sln is in no folder above the tests");
        return folder.FullName;
    }
}
