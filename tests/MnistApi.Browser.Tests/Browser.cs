using PuppeteerSharp;

namespace MnistApi.Browser.Tests;

/// <summary>
/// Chromium: the one named by BROWSER_PATH, or an installed one. Where there is none the tests are skipped, or fail if
/// BROWSER_REQUIRED=1. Nothing is downloaded, and no driver is needed: PuppeteerSharp speaks to the browser itself.
/// </summary>
internal static class Browser
{
    private static readonly string[] s_places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    // Nothing of its own over the network; /dev/shm is small in containers.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--force-color-profile=srgb",
    ];

    /// <summary>
    /// Starts a browser for one visit. None is shared: what is still sent to a window that has closed Chromium answers without saying for
    /// which, and PuppeteerSharp gives that answer to any window on the connection that awaits the same number.
    /// </summary>
    public static async Task<IBrowser> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("BROWSER_PATH") is { Length: > 0 } named ? named : Array.Find(s_places, File.Exists);
        if (path is null)
        {
            var missing = $"no browser: neither BROWSER_PATH nor any of {string.Join(", ", s_places)} is there";
            Assert.False(Environment.GetEnvironmentVariable("BROWSER_REQUIRED") == "1", missing);
            Assert.Skip(missing);
        }
        return await Puppeteer.LaunchAsync(
            new LaunchOptions { ExecutablePath = path, Headless = true, Args = s_arguments, Timeout = 60_000 });
    }
}
