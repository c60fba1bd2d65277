using System.Collections.Concurrent;
using PuppeteerSharp;

[assembly: AssemblyFixture(typeof(MnistApi.Browser.Tests.Browser))]

namespace MnistApi.Browser.Tests;

/// <summary>
/// Chromium, or its headless shell, which draws and runs the same pages in half the time: the one named by BROWSER_PATH, or an installed
/// one. Where there is none the tests are skipped, or fail if BROWSER_REQUIRED=1. Nothing is downloaded, and no driver is needed:
/// PuppeteerSharp speaks to the browser itself.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] s_places =
    [
        "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
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

    private static readonly ConcurrentBag<IBrowser> s_started = [];
    private static readonly ConcurrentBag<IBrowser> s_idle = [];

    /// <summary>
    /// Opens a window without cookies and cache, in a browser that has no other visitor. A browser is used again, a connection to it is
    /// not: what is still sent to a window that has closed Chromium answers without saying for which, and PuppeteerSharp gives that answer
    /// to any window on the connection that awaits the same number.
    /// </summary>
    internal static async Task<IPage> OpenAsync()
    {
        var browser = s_idle.TryTake(out var idle) ? idle : await StartAsync();
        var connection = await Puppeteer.ConnectAsync(new ConnectOptions { BrowserWSEndpoint = browser.WebSocketEndpoint });
        connection.Disconnected += (_, _) => s_idle.Add(browser);
        return await (await connection.CreateBrowserContextAsync()).NewPageAsync();
    }

    /// <summary>Closes the window; its browser serves the next visit.</summary>
    internal static async Task CloseAsync(IPage page)
    {
        await page.BrowserContext.CloseAsync();
        page.Browser.Disconnect();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in s_started)
            await browser.CloseAsync();
    }

    private static async Task<IBrowser> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("BROWSER_PATH") is { Length: > 0 } named ? named : Array.Find(s_places, File.Exists);
        if (path is null)
        {
            var missing = $"no browser: neither BROWSER_PATH nor any of {string.Join(", ", s_places)} is there";
            Assert.False(Environment.GetEnvironmentVariable("BROWSER_REQUIRED") == "1", missing);
            Assert.Skip(missing);
        }
        var browser = await Puppeteer.LaunchAsync(
            new LaunchOptions { ExecutablePath = path, Headless = true, Args = s_arguments, Timeout = 60_000 });
        s_started.Add(browser);
        return browser;
    }
}
