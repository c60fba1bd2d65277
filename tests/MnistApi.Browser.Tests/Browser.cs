using PuppeteerSharp;

[assembly: AssemblyFixture(typeof(MnistApi.Browser.Tests.Browser))]

namespace MnistApi.Browser.Tests;

/// <summary>
/// A Chromium for all tests: the one named by BROWSER_PATH, or an installed one. Where there is none the tests are skipped, or fail if
/// BROWSER_REQUIRED=1. Nothing is downloaded, and no driver is needed: PuppeteerSharp speaks to the browser itself.
/// </summary>
public sealed class Browser : IAsyncLifetime
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
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--force-color-profile=srgb",
    ];

    private IBrowser? _browser;

    /// <summary>A window of its own, with nothing kept from others.</summary>
    public async Task<IPage> NewPageAsync()
    {
        Assert.SkipWhen(_browser is null, $"no browser: neither BROWSER_PATH nor any of {string.Join(", ", s_places)} is there");
        return await (await CreateContextAsync(_browser!)).NewPageAsync();
    }

    /// <summary>Asks once more where Chromium knows of no such session, though none was named: seen once, while other tests' windows came and went.</summary>
    private static async Task<IBrowserContext> CreateContextAsync(IBrowser browser)
    {
        try
        {
            return await browser.CreateBrowserContextAsync();
        }
        catch (MessageException error) when (error.Message.Contains("Session with given id not found", StringComparison.Ordinal))
        {
            return await browser.CreateBrowserContextAsync();
        }
    }

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("BROWSER_PATH") is { Length: > 0 } named ? named : Array.Find(s_places, File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("BROWSER_REQUIRED") != "1")
            return;
        Assert.True(path is not null, "BROWSER_REQUIRED=1, but there is no browser");
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = path, Headless = true, Args = s_arguments, Timeout = 60_000 });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }
}
