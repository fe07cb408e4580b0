// The app that carries the dext. On macOS it asks the system to activate it; on iPadOS the user enables it in Settings.
// Opening the driver and calling it is the generated client's business, not this app's.
import SwiftUI

#if os(macOS)
import SystemExtensions

/// Activates the dext in this bundle and says what came of it.
final class DriverActivation: NSObject, ObservableObject, OSSystemExtensionRequestDelegate {
    @Published private(set) var state = "not asked yet"
    private let identifier = "com.example.Scope.driver"

    func activate() {
        state = "asked"
        let request = OSSystemExtensionRequest.activationRequest(
            forExtensionWithIdentifier: identifier, queue: .main)
        request.delegate = self
        OSSystemExtensionManager.shared.submitRequest(request)
    }

    func request(
        _ request: OSSystemExtensionRequest,
        actionForReplacingExtension existing: OSSystemExtensionProperties,
        withExtension replacement: OSSystemExtensionProperties
    ) -> OSSystemExtensionRequest.ReplacementAction {
        .replace
    }

    func requestNeedsUserApproval(_ request: OSSystemExtensionRequest) {
        state = "waits for your approval in System Settings"
    }

    func request(
        _ request: OSSystemExtensionRequest,
        didFinishWithResult result: OSSystemExtensionRequest.Result
    ) {
        state = result == .completed ? "active" : "active after a restart"
    }

    func request(_ request: OSSystemExtensionRequest, didFailWithError error: Error) {
        let failure = error as NSError
        state = "failed: \(failure.domain) \(failure.code), \(failure.localizedDescription)"
    }
}

struct ContentView: View {
    @StateObject private var activation = DriverActivation()

    var body: some View {
        VStack(spacing: 12) {
            Text("Scope driver: \(activation.state)")
            Button("Activate the driver") { activation.activate() }
        }
        .padding(40)
    }
}
#else
struct ContentView: View {
    var body: some View {
        Text("Enable the Scope driver in Settings, under this app.").padding(40)
    }
}
#endif

@main
struct ScopeApp: App {
    var body: some Scene {
        WindowGroup { ContentView() }
    }
}
